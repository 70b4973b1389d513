// Menus, dialogues and passing notes.

import { $, h, icon } from "./dom.js";
import { t } from "./words.js";

let close = () => {};

// openMenu shows items, each {text, icon, checked, run}, below a button until one is chosen or the focus leaves.
export function openMenu(button, items) {
	const open = button.getAttribute("aria-expanded") === "true";
	close();
	if (open) {
		return;
	}
	const entries = items.map((item) => h("button", {
		type: "button", class: "menu-item", tabindex: "-1",
		role: item.checked === undefined ? "menuitem" : "menuitemradio",
		"aria-checked": item.checked === undefined ? undefined : String(item.checked),
		lang: item.lang,
		onclick: () => { close(); button.focus(); item.run(); },
	}, item.icon ? icon(item.icon) : item.checked ? icon("check") : h("span", { class: "icon" }), item.text));
	const menu = h("div", { class: "menu", role: "menu", "aria-label": button.getAttribute("aria-label") }, entries);
	const leave = (event) => {
		if (!menu.contains(event.target) && !button.contains(event.target)) {
			close();
		}
	};
	menu.addEventListener("keydown", (event) => walk(event, entries, button));
	document.addEventListener("pointerdown", leave);
	close = () => {
		menu.remove();
		document.removeEventListener("pointerdown", leave);
		button.setAttribute("aria-expanded", "false");
		close = () => {};
	};
	document.body.append(menu);
	place(menu, button);
	button.setAttribute("aria-expanded", "true");
	entries.find((_, i) => items[i].checked)?.focus() ?? entries[0].focus();
}

function walk(event, entries, button) {
	const at = entries.indexOf(document.activeElement);
	const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
	if (to !== undefined) {
		event.preventDefault();
		entries.at(to % entries.length).focus();
	} else if (event.key === "Escape" || event.key === "Tab") {
		event.preventDefault();
		event.stopPropagation();
		close();
		button.focus();
	}
}

function place(menu, button) {
	const at = button.getBoundingClientRect();
	menu.style.top = `${at.bottom + 6}px`;
	menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`;
}

// ask shows a dialogue with choices, each {text, value, strong}, and returns the value of the chosen one, undefined for none.
export function ask(title, body, choices) {
	return new Promise((resolve) => {
		let chosen;
		const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title", onclose: () => { dialog.remove(); resolve(chosen); } },
			h("h2", { id: "dialog-title" }, title),
			body,
			h("div", { class: "dialog-buttons" }, choices.map((choice) => h("button", {
				type: "button", class: choice.strong ? "strong" : "",
				onclick: () => { chosen = choice.value; dialog.close(); },
			}, choice.icon ?? null, choice.text))));
		dialog.addEventListener("click", (event) => {
			if (event.target === dialog) {
				dialog.close();
			}
		});
		dialog.addEventListener("keydown", (event) => {
			if (event.key === "Enter" && event.target.localName === "input") {
				dialog.querySelector(".strong").click();
			}
		});
		document.body.append(dialog);
		dialog.showModal();
	});
}

const noteFor = 4000; // milliseconds

// note shows a line for a moment.
export function note(text, failed = false) {
	const line = h("p", { class: failed ? "toast failed" : "toast", dir: "auto" }, text);
	$("toasts").append(line);
	setTimeout(() => line.remove(), noteFor);
}

// copy puts a text on the clipboard.
export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		note(t("copied"));
	} catch {
		await ask(t("copy_yourself"), h("textarea", { class: "copy", readonly: true, "aria-label": t("copy_yourself") }, text), [{ text: t("ok"), strong: true }]);
	}
}
