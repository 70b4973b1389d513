// The left side: whom one acts as, that person's chats, and the world's clock.

import { $, avatar, h, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { clock, languageName, languages, midnight, moment, shortDay, t } from "./words.js";

const symbols = { supergroup: "group", group: "group", channel: "channel" };

// chatAvatar is a chat's picture.
export function chatAvatar(model, chat) {
	if (chat.kind === "private") {
		return avatar(model.head.bot.name, model.head.bot.id, "bot");
	}
	return avatar(chat.title, chat.id, chat.forum ? "forum" : symbols[chat.kind]);
}

export function chatTitle(model, chat) { return chat.kind === "private" ? model.head.bot.name : chat.title; }

export class Side {
	#model;
	#view;

	// The view has me, chat, and the methods actAs, open and unread.
	constructor(model, view) {
		this.#model = model;
		this.#view = view;
		$("clock-icon").append(icon("clock"));
		$("later").addEventListener("click", () => view.act({ do: "clock", minutes: 10 }));
		$("tomorrow").addEventListener("click", () => view.act({ do: "clock", minutes: 24 * 60 }));
		$("chats").addEventListener("keydown", (event) => this.#walk(event));
		setInterval(() => this.#drawClock(), 1000);
	}

	draw() {
		this.#drawCast();
		this.#drawChats();
		this.#drawClock();
	}

	#drawCast() {
		const focused = document.activeElement?.closest("#cast") ? document.activeElement.value : null;
		const people = this.#model.head.people.map((person) => this.#drawPerson(person));
		const me = this.#model.person(this.#view.me);
		const lang = h("button", {
			type: "button", class: "lang", id: "lang", "aria-haspopup": "menu",
			"aria-label": `${t("app_language", { name: me.name })}: ${languageName(me.lang)}`, title: t("app_language", { name: me.name }),
			onclick: (event) => openMenu(event.currentTarget, Object.keys(languages).map((code) => ({
				text: languageName(code), lang: code, checked: code === me.lang, run: () => this.#view.act({ do: "lang", lang: code }),
			}))),
		}, icon("language"), h("span", { lang: me.lang }, languageName(me.lang)), icon("down"));
		$("cast").replaceChildren($("cast").firstElementChild, h("div", { class: "people" }, people),
			h("p", { class: "role" }, h("span", {}, `${me.name}, ${t(me.officer ? "officer" : "reader")}`), lang));
		if (focused !== null) {
			$("cast").querySelector(`input[value="${focused}"]`)?.focus();
		}
	}

	#drawPerson(person) {
		return h("label", { class: "person" },
			h("input", {
				type: "radio", name: "me", value: person.id, checked: person.id === this.#view.me,
				"aria-label": `${person.name}, ${languageName(person.lang)}`, onchange: () => this.#view.actAs(person.id),
			}),
			avatar(person.name, person.id),
			h("span", { class: "person-name" }, person.name));
	}

	#drawChats() {
		const focused = document.activeElement?.closest("#chats") ? document.activeElement.dataset.chat : null;
		$("chats").replaceChildren(...this.#model.chatsOf(this.#view.me).map((chat) => h("li", {}, this.#drawChat(chat))));
		if (focused !== null) {
			$("chats").querySelector(`[data-chat="${focused}"]`)?.focus();
		}
	}

	#drawChat(chat) {
		const last = this.#model.messages(this.#view.me, chat).at(-1);
		const unread = this.#view.unread(chat);
		return h("button", {
			type: "button", class: "chat", "data-chat": chat.id, "aria-current": chat.id === this.#view.chat ? "true" : undefined,
			onclick: () => this.#view.open(chat.id),
		},
			chatAvatar(this.#model, chat),
			h("span", { class: "chat-top" },
				h("span", { class: "chat-title" }, chatTitle(this.#model, chat)),
				last ? h("time", { class: "chat-time", datetime: last.date }, this.#when(new Date(last.date))) : null),
			h("span", { class: "chat-bottom" },
				h("span", { class: "chat-last", dir: "auto" }, last ? this.#snippet(chat, last) : t("empty_chat")),
				unread > 0 ? h("span", { class: "unread", "aria-label": t("unread", { n: unread }) }, String(unread)) : null));
	}

	#when(date) { return midnight(date) === midnight(this.#model.now()) ? clock(date) : shortDay(date); }

	#snippet(chat, m) {
		const text = snippet(this.#model, m, chat);
		if (m.service || chat.kind === "channel" || chat.kind === "private" && m.from !== this.#view.me) {
			return text;
		}
		return [h("span", { class: "chat-by" }, `${m.from === this.#view.me ? t("you") : this.#model.name(m.from, chat)}: `), text];
	}

	#drawClock() {
		if (this.#model.head) {
			const now = this.#model.now();
			$("clock").dateTime = now.toISOString();
			$("clock").textContent = moment(now);
		}
	}

	#walk(event) {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		const buttons = [...$("chats").querySelectorAll("button")];
		const to = buttons[buttons.indexOf(document.activeElement) + step];
		if (step && to) {
			event.preventDefault();
			to.focus();
		}
	}
}

// snippet is a message in a line.
export function snippet(model, m, chat) {
	if (m.service) {
		return service(model, m, chat);
	}
	return m.text.replace(/\s+/g, " ").slice(0, 140) || m.media || "";
}

// service says what a service message tells of.
export function service(model, m, chat) {
	const { kind, person, topic } = m.service;
	const key = kind.replace(" ", "_");
	return t(key, { name: model.name(person, chat), by: model.name(m.author, chat), topic });
}
