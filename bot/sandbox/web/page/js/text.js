// Texts with Telegram's entities, as elements. Offsets are in UTF-16 units, which is how JavaScript counts too.

import { h, icon } from "./dom.js";
import { t } from "./words.js";

const plain = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

// formatted makes the nodes for a text. on says what happens with what can be pressed: link(url), which returns whether it was
// dealt with, and command(text).
export function formatted(text, entities, on) {
	const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
	return part(text, 0, text.length, sorted, on);
}

// part makes the nodes for the text between two offsets. What is not wholly inside is cut.
function part(text, from, to, entities, on) {
	const nodes = [];
	let at = from;
	let afterBlock = false;
	for (let i = 0; i < entities.length; i++) {
		const start = Math.max(entities[i].offset, at);
		const end = Math.min(entities[i].offset + entities[i].length, to);
		if (start >= end) {
			continue;
		}
		const block = isBlock(entities[i]);
		push(nodes, text.slice(at, start), afterBlock, block);
		const inner = entities.slice(i + 1).filter((e) => e.offset < end);
		nodes.push(element(entities[i], text.slice(start, end), part(text, start, end, inner, on), on));
		at = end;
		afterBlock = block;
	}
	push(nodes, text.slice(at, to), afterBlock, false);
	return nodes;
}

// push adds plain text. A block stands on lines of its own: the line break beside it is not shown.
function push(nodes, text, afterBlock, beforeBlock) {
	if (afterBlock) {
		text = text.replace(/^\n/, "");
	}
	if (beforeBlock) {
		text = text.replace(/\n$/, "");
	}
	if (text !== "") {
		nodes.push(document.createTextNode(text));
	}
}

function isBlock(entity) { return ["blockquote", "expandable_blockquote", "pre"].includes(entity.type); }

function element(entity, text, children, on) {
	switch (entity.type) {
	case "blockquote":
		return h("blockquote", {}, children);
	case "expandable_blockquote":
		return folded(children);
	case "pre":
		return h("pre", {}, h("code", {}, children));
	case "spoiler":
		return spoiler(children);
	case "url":
		return link(/^https?:/i.test(text) ? text : `https://${text}`, children, on);
	case "text_link":
		return link(entity.url, children, on);
	case "email":
		return h("a", { href: `mailto:${text}` }, children);
	case "bot_command":
		return pressable("command", () => on.command(text), children);
	case "mention":
	case "hashtag":
		return h("span", { class: "mention" }, children);
	}
	return h(plain[entity.type] ?? "span", {}, children);
}

// link is a link if the address is one of the web, and plain text otherwise.
function link(address, children, on) {
	const url = URL.parse(address);
	if (!url || !["http:", "https:"].includes(url.protocol)) {
		return h("span", {}, children);
	}
	return h("a", {
		href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.host,
		onclick: (event) => {
			if (on.link(url)) {
				event.preventDefault();
			}
		},
	}, children);
}

function folded(children) {
	const text = h("div", { class: "fold-text" }, children);
	const toggle = h("button", {
		type: "button", class: "fold-toggle", "aria-expanded": "false",
		onclick: () => {
			const open = quote.classList.toggle("open");
			toggle.setAttribute("aria-expanded", String(open));
			toggle.lastChild.textContent = t(open ? "less_text" : "more_text");
		},
	}, icon("down"), h("span", {}, t("more_text")));
	const quote = h("blockquote", { class: "fold" }, text, toggle);
	return quote;
}

function spoiler(children) {
	const hidden = pressable("spoiler", () => {
		hidden.setAttribute("aria-pressed", String(hidden.classList.toggle("open")));
	}, h("span", {}, children));
	hidden.setAttribute("aria-pressed", "false");
	return hidden;
}

// pressable is a button amid a text, where lines break as in the text: beside an element of the name button they break too early.
function pressable(name, run, children) {
	return h("span", {
		class: name, role: "button", tabindex: "0", onclick: run,
		onkeydown: (event) => {
			if (event.key === "Enter" || event.key === " ") {
				event.preventDefault();
				run();
			}
		},
	}, children);
}
