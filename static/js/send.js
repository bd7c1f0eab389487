// What a card asks of the server. There is no form in it: see templates/card.go.
import { htmx } from "./lib.js";

const path = (card, what) => card.querySelector(".card__name").getAttribute("href").replace(/panel$/, what);

/** Puts a card's stage or position. The answer is the card as it is then; a refusal says by itself where it belongs. */
export const request = (card, what, values) => htmx.ajax("PUT", path(card, what), { source: card, values }).catch(() => {});

/** Whether a request moves a card. */
export const moves = (detail) => (detail.path ?? detail.pathInfo.requestPath).endsWith("/stage");
