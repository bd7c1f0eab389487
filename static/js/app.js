// What runs on a board. The libraries are classic scripts that the page loads before this one.
import "./page.js";
import "./stream.js";
import "./moves.js";
import "./drag.js";
import "./menu.js";
import "./keys.js";
import "./swipe.js";
