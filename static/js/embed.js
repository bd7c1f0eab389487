// The tab in Chatwoot: which conversation is open, its panel, and signing in where frames keep no cookies.
import { listen } from "./embed-context.js";
import { show } from "./embed-panel.js";
import { handOver } from "./embed-window.js";

const { ticket, origins } = document.body.dataset;
if (ticket) handOver(ticket);
else if (origins !== undefined) listen(origins.split(" ").filter(Boolean), show);
