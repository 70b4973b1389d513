// The messages of the open chat.

import { $, avatar, h, icon, pressables, replace } from "./dom.js";
import { copy } from "./menu.js";
import { service, snippet } from "./side.js";
import { formatted } from "./text.js";
import { clock, day, midnight, t } from "./words.js";

const groupedFor = 5 * 60_000; // milliseconds between messages of one author that stand together
const nearEnd = 120; // pixels from the end at which new messages are followed

const buttonIcons = { url: "link", copy: "copy", inline: "inline", "inline here": "inline" };
const buttonHints = { url: "opens", copy: "copies", inline: "inlines", "inline here": "inlines" };

export class Log {
	#model;
	#view;
	#nodes = new Map(); // key to {signature, node}

	// The view has me, chat, thread and the methods press, followLink, command, reply, edit, why and open.
	constructor(model, view) {
		this.#model = model;
		this.#view = view;
		$("scroll").addEventListener("scroll", () => this.#drawToEnd(), { passive: true });
		$("to-end").addEventListener("click", () => this.toEnd());
		$("log").addEventListener("keydown", (event) => this.#walk(event));
		new ResizeObserver(() => { if (this.#following) { this.toEnd(); } }).observe($("scroll"));
	}

	#following = true;

	// draw shows the chat as it is now. Of what has not changed the elements stay as they are. A chat that was just opened is
	// not read out, and shown from its end.
	draw(opened = false) {
		if (opened) {
			this.#nodes.clear();
			$("log").replaceChildren();
			$("log").setAttribute("aria-live", "off");
			this.#following = true;
		}
		const chat = this.#model.chat(this.#view.chat);
		const messages = this.#model.messages(this.#view.me, chat, this.#view.thread);
		const items = messages.length > 0 ? this.#items(chat, messages) : [this.#empty(chat)];
		this.#reconcile(items);
		if (this.#following) {
			this.toEnd();
		}
		this.#drawToEnd();
		if (opened) {
			requestAnimationFrame(() => $("log").setAttribute("aria-live", "polite"));
		}
	}

	toEnd() {
		this.#following = true;
		$("scroll").scrollTo({ top: $("scroll").scrollHeight, behavior: "instant" });
	}

	// goTo shows a message and marks it for a moment; it returns whether it is there.
	goTo(id) {
		const node = this.#nodes.get(`m${id}`)?.node;
		if (!node) {
			return false;
		}
		this.#following = false;
		node.scrollIntoView({ block: "center" });
		node.focus({ preventScroll: true });
		node.classList.remove("marked");
		requestAnimationFrame(() => node.classList.add("marked"));
		return true;
	}

	#drawToEnd() {
		const { scrollHeight, scrollTop, clientHeight } = $("scroll");
		this.#following = scrollHeight - scrollTop - clientHeight < nearEnd;
		$("to-end").hidden = this.#following;
	}

	// items are what stands in the log: each has a key, a signature that changes with what it shows, and make.
	#items(chat, messages) {
		const items = [];
		let before = null;
		let today = null;
		messages.forEach((m, i) => {
			const date = new Date(m.date);
			if (midnight(date) !== today) {
				today = midnight(date);
				const text = day(date, this.#model.now());
				items.push({ key: `d${today}`, signature: text, make: () => h("p", { class: "day" }, h("span", {}, text)) });
			}
			const first = !together(before, m);
			const last = !together(m, messages[i + 1]);
			const to = m.replyTo ? this.#model.chats.get(chat.id).get(m.replyTo) : undefined;
			const signature = JSON.stringify([m, first, last, to?.text, to?.from, document.documentElement.lang, this.#view.me]);
			items.push({ key: `m${m.id}`, signature, make: () => this.#message(chat, m, to, first, last) });
			before = m;
		});
		return items;
	}

	#reconcile(items) {
		const kept = new Set(items.map((item) => item.key));
		for (const [key, { node }] of this.#nodes) {
			if (!kept.has(key)) {
				node.remove();
				this.#nodes.delete(key);
			}
		}
		let next = $("log").firstChild;
		for (const { key, signature, make } of items) {
			const known = this.#nodes.get(key);
			if (known?.signature === signature) {
				if (known.node === next) {
					next = next.nextSibling;
				} else {
					$("log").insertBefore(known.node, next);
				}
				continue;
			}
			const node = make();
			if (known) {
				next = known.node === next ? next.nextSibling : next;
				replace(known.node, node);
			} else {
				$("log").insertBefore(node, next);
			}
			this.#nodes.set(key, { signature, node });
		}
	}

	#empty(chat) {
		if (chat.kind !== "private") {
			return { key: "empty", signature: t("empty_chat"), make: () => h("p", { class: "day" }, h("span", {}, t("empty_chat"))) };
		}
		const lang = this.#model.person(this.#view.me).lang;
		const examples = this.#model.head.examples[lang] ?? this.#model.head.examples.en ?? [];
		return {
			key: "empty", signature: JSON.stringify([examples, document.documentElement.lang]),
			make: () => h("div", { class: "empty" },
				avatar(this.#model.head.bot.name, this.#model.head.bot.id, "bot"),
				h("h2", {}, t("empty_title")), h("p", {}, t("empty_body")),
				h("div", { class: "examples", lang }, examples.map((text) => h("button", { type: "button", onclick: () => this.#view.say(text) }, text)))),
		};
	}

	#message(chat, m, to, first, last) {
		if (m.service) {
			return h("p", { class: "day service", tabindex: "-1", "data-message": m.id }, h("span", { dir: "auto" }, service(this.#model, m, chat)));
		}
		const mine = m.from === this.#view.me || m.author === this.#view.me && chat.kind === "channel";
		const name = this.#model.name(m.from, chat);
		const time = clock(new Date(m.date));
		return h("article", {
			class: ["message", mine ? "out" : "in", first && "first", last && "last", m.keyboard && "with-keyboard"].filter(Boolean).join(" "),
			tabindex: "-1", "data-message": m.id, "aria-label": `${name}, ${time}`,
		},
			!mine && chat.kind !== "private" && chat.kind !== "channel" ? h("span", { class: "message-avatar" },
				last ? avatar(name, m.from || chat.id, m.bot ? "bot" : undefined) : null) : null,
			h("div", { class: "message-body" },
				h("div", { class: "bubble" },
					first && !mine && chat.kind !== "private" ? h("p", { class: `name tone-text-${Math.abs(m.from || chat.id) % 7}` }, name, this.#role(chat, m)) : null,
					m.via ? h("p", { class: "via" }, t("via", { name: `@${this.#model.head.bot.username}` })) : null,
					m.replyTo ? this.#quoted(chat, m, to) : null,
					m.media ? h("p", { class: "media" }, m.media) : null,
					h("div", { class: "text", dir: "auto" }, formatted(m.text, m.entities, {
						link: (url) => this.#view.followLink(url),
						command: (text) => this.#view.command(text),
					})),
					h("p", { class: "meta" }, m.edited ? `${t("edited")} ` : null, h("time", { datetime: m.date }, time))),
				m.keyboard ? this.#keyboard(m) : null,
				this.#tools(chat, m, mine)));
	}

	#role(chat, m) {
		const status = m.bot ? "bot" : { creator: "owner", administrator: "admin" }[chat.members?.[m.from]];
		return status ? h("span", { class: "role-badge" }, t(status)) : null;
	}

	#quoted(chat, m, to) {
		return h("button", {
			type: "button", class: `quoted tone-text-${Math.abs(to?.from ?? 0) % 7}`,
			onclick: () => this.goTo(m.replyTo) || this.#view.elsewhere(chat.id, m.replyTo),
		},
			h("strong", {}, to ? this.#model.name(to.from, chat) : t("deleted")),
			h("span", { dir: "auto" }, to ? snippet(this.#model, to, chat) : ""));
	}

	#keyboard(m) {
		return h("div", { class: "keyboard" }, m.keyboard.map((row, r) => h("div", { class: "keys" }, row.map((button, c) => this.#key(m, button, r, c)))));
	}

	#key(m, button, row, column) {
		const hint = buttonHints[button.kind];
		const face = [h("span", { dir: "auto" }, button.text), hint ? [icon(buttonIcons[button.kind]), h("span", { class: "unseen" }, ` (${t(hint)})`)] : null].flat();
		if (button.kind === "url") {
			const url = URL.parse(button.value);
			return h("a", {
				class: "key", onmousedown: keepFocus, href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.host,
				onclick: (event) => {
					if (this.#view.followLink(url)) {
						event.preventDefault();
					}
				},
			}, face);
		}
		const run = {
			copy: () => copy(button.value),
			inline: () => this.#view.inline(button.value, false),
			"inline here": () => this.#view.inline(button.value, true),
			callback: async (event) => {
				const key = event.currentTarget;
				key.setAttribute("aria-busy", "true");
				await this.#view.press(m, button, row, column);
				key.removeAttribute("aria-busy");
			},
		}[button.kind];
		return h("button", { type: "button", class: "key", onmousedown: keepFocus, onclick: run }, face);
	}

	#tools(chat, m, mine) {
		const tool = (name, key, run) => h("button", { type: "button", class: "tool", "aria-label": t(key), title: t(key), tabindex: "-1", onclick: run }, icon(name));
		const writes = chat.kind !== "channel" || this.#model.manages(this.#view.me, chat);
		return h("div", { class: "tools" },
			writes ? tool("reply", "reply", () => this.#view.reply(m)) : null,
			mine && m.author === this.#view.me && !m.via ? tool("edit", "edit", () => this.#view.edit(m)) : null,
			tool("copy", "copy", () => copy(m.text)),
			!m.bot && !m.via ? tool("panel", "why", () => this.#view.explain({ chat: chat.id, message: m.id })) : null);
	}

	// walk moves among messages with the arrow keys, and into a message's tools with the arrow to the right.
	#walk(event) {
		const messages = [...$("log").querySelectorAll("[data-message]")];
		const current = document.activeElement.closest("[data-message]");
		const at = messages.indexOf(current);
		const stops = current ? [current, ...current.querySelectorAll(pressables)] : [];
		const stop = stops.indexOf(document.activeElement);
		const to = {
			ArrowUp: at < 0 ? messages.at(-1) : messages[at - 1],
			ArrowDown: messages[at + 1],
			Home: messages[0],
			End: messages.at(-1),
			ArrowRight: stops[stop + 1],
			ArrowLeft: stops[stop - 1],
		}[event.key];
		if (to && !event.altKey && !event.ctrlKey && !event.metaKey) {
			event.preventDefault();
			to.focus();
			to.scrollIntoView({ block: "nearest" });
		}
	}
}

function together(a, b) {
	return Boolean(a && b && !a.service && !b.service && a.from === b.from && !a.keyboard && new Date(b.date) - new Date(a.date) < groupedFor &&
		midnight(new Date(a.date)) === midnight(new Date(b.date)));
}

// keepFocus leaves the focus where it is, in the field where one writes, when the pointer presses a button.
function keepFocus(event) { event.preventDefault(); }
