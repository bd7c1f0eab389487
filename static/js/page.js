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

// Days begin and end where the person is.
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone};path=/;max-age=31536000;samesite=lax`;
document.addEventListener("change", (e) => e.target.closest("[data-submit-on-change]") && e.target.form.requestSubmit());

function shift(button, direction) {
	const row = button.closest("li");
	if (direction === "up") row.previousElementSibling?.before(row);
	else row.nextElementSibling?.after(row);
	button.focus();
}
