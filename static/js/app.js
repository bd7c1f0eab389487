// What runs on a board. The libraries are classic scripts that the page loads before this one.
import "./page.js";
import "./stream.js";
import "./moves.js";
import "./drag.js";
import "./keys.js";
import "./open.js";

// What the scripts that come later work with: they import it from here, so that each thing is there once.
export { htmx, Idiomorph, Sortable } from "./lib.js";
export { beside, board, card, cards, columns, fill, nameOf, number, place, remove, say, stageName, words } from "./places.js";
export { move, notice } from "./moves.js";
export { moves, request } from "./send.js";
export { find as press, menu, show } from "./open.js";
export { pause, release } from "./stream.js";
export { tick } from "./times.js";

const phone = matchMedia("(max-width: 40rem)"), swipes = () => phone.matches && import("./swipe.js");
phone.addEventListener("change", swipes);
swipes();
