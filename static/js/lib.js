// Others' libraries, named with their versions in this one place. htmx is a script of its own, which the page loads first.
import { Idiomorph } from "../lib/idiomorph-0.8.0.js";
import Sortable, { AutoScroll } from "../lib/sortablejs-1.15.7.js";

export const htmx = globalThis.htmx;
export { Idiomorph, Sortable };

Sortable.mount(new AutoScroll());

// What somebody is just writing or choosing, and what of it is on its way, outlives every merge; so does what has its own way of renewal.
Idiomorph.defaults.callbacks.beforeNodeMorphed = (old) =>
	!(old.matches?.("[data-own], [data-state=saving]") || (old === document.activeElement && old.matches("input, textarea, select")));

// hx-swap="morph:outerHTML" merges what came into what is there.
htmx.defineExtension("morph", {
	isInlineSwap: (style) => style.startsWith("morph"),
	handleSwap: (style, target, fragment) => style.startsWith("morph") && Idiomorph.morph(target, fragment.children, { morphStyle: style.slice(6) || "outerHTML" }),
});
