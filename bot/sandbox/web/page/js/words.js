// What the page itself says, in three languages. What the bot says comes from the bot.

import en from "./words/en.js";
import kk from "./words/kk.js";
import ru from "./words/ru.js";

const words = { en, ru, kk };

export const languages = { en: "English", ru: "Русский", kk: "Қазақша" };

let lang = [localStorage.getItem("language"), ...navigator.languages.map((tag) => tag.slice(0, 2))].find((tag) => tag in words) ?? "en";

export const language = () => lang;

export function setLanguage(chosen) {
	lang = chosen;
	localStorage.setItem("language", chosen);
}

// t is a text with its {slots} filled. Of one that counts, slots.n chooses the form.
export function t(key, slots = {}) {
	let text = words[lang][key] ?? key;
	if (typeof text === "object") {
		text = text[new Intl.PluralRules(lang).select(slots.n)] ?? text.other;
	}
	return text.replace(/\{(\w+)\}/g, (_, name) => slots[name]);
}

// label fills what the page's own elements say: data-t is a text, data-t-label a label, data-t-title a tooltip.
export function label(root) {
	document.documentElement.lang = lang;
	for (const element of root.querySelectorAll("[data-t]")) {
		element.textContent = t(element.dataset.t);
	}
	for (const element of root.querySelectorAll("[data-t-label]")) {
		element.setAttribute("aria-label", t(element.dataset.tLabel));
		if (element.localName === "button") {
			element.title = t(element.dataset.tLabel);
		}
	}
	for (const element of root.querySelectorAll("[data-t-title]")) {
		element.title = t(element.dataset.tTitle);
	}
}

// languageName is the name of a language in itself.
export function languageName(code) {
	return languages[code] ?? code;
}

const two = (n) => String(n).padStart(2, "0");
const pick = (key, i) => t(key).split(" ")[i];

export function clock(date) { return `${two(date.getHours())}:${two(date.getMinutes())}`; }

export function day(date, now) {
	const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
	if (days === 0 || days === 1) {
		return t(days === 0 ? "today" : "yesterday");
	}
	const year = date.getFullYear() === now.getFullYear() ? "" : ` ${date.getFullYear()}`;
	return `${date.getDate()} ${pick("months", date.getMonth())}${year}`;
}

export function midnight(date) { return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime(); }

export function shortDay(date) { return `${date.getDate()} ${pick("months_short", date.getMonth())}`; }

export function moment(date) { return `${pick("days", date.getDay())} ${shortDay(date)}, ${clock(date)}`; }
