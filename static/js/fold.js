// Makes the column that has the focus narrow, or wide again. What is in a narrow one cannot have the focus, so its button takes it.
export function fold() {
	const button = document.activeElement.closest(".stage")?.querySelector(".stage__fold");
	button?.focus();
	button?.click();
}
