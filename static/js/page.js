// What every page has: notices that can be closed, the theme's switch, rows that can be put in order.
import "./times.js";

document.addEventListener("click", (e) => {
	const button = e.target.closest("[data-dismiss], [data-hide], [data-row]");
	if (!button) return;
	const { dismiss, hide, row } = button.dataset;
	if (dismiss) button.closest(dismiss).remove();
	if (hide) document.querySelector(hide).hidden = true;
	if (row) shift(button, row);
});

function shift(button, direction) {
	const row = button.closest("li");
	if (direction === "up") row.previousElementSibling?.before(row);
	else row.nextElementSibling?.after(row);
	button.focus();
}
