// Where one writes: the field, what it replies to or edits, and what is offered while one types.

import { $, h, icon } from "./dom.js";
import { snippet } from "./side.js";
import { t } from "./words.js";

const pause = 180; // milliseconds without typing before the bot is asked for inline results

export class Composer {
	#model;
	#view;
	#context = null; // {edit or reply: message}
	#drafts = new Map();
	#place = "";
	#offers = []; // what is offered: {face, send, complete}
	#active = -1;
	#asked = 0; // number of the last inline query
	#timer;

	// The view has me, chat, thread and the methods act, send and follow.
	constructor(model, view) {
		this.#model = model;
		this.#view = view;
		for (const [id, name] of [["send", "send"], ["commands", "slash"], ["context-cancel", "close"]]) {
			$(id).append(icon(name));
		}
		$("composer").addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
		$("input").addEventListener("input", () => this.#typed());
		$("input").addEventListener("keydown", (event) => this.#key(event));
		$("input").addEventListener("blur", () => setTimeout(() => {
			if (!$("composer").contains(document.activeElement)) {
				this.#offer([]);
			}
		}));
		$("input").addEventListener("focus", () => this.#typed());
		$("commands").addEventListener("click", () => this.write($("input").value === "/" ? "" : "/"));
		$("context-cancel").addEventListener("click", () => { this.#cancel(); $("input").focus(); });
		$("start").addEventListener("click", () => this.#view.follow(""));
	}

	// draw shows the field as the open chat allows.
	draw() {
		const { me, chat: id, thread } = this.#view;
		const place = `${me} ${id} ${thread}`;
		if (place !== this.#place) {
			this.#drafts.set(this.#place, $("input").value);
			this.#place = place;
			this.#context = null;
			$("input").value = this.#drafts.get(place) ?? "";
			this.#offer([]);
		}
		const chat = this.#model.chat(id);
		const closed = chat.kind === "channel" && !this.#model.manages(me, chat);
		$("composer").classList.toggle("is-closed", closed);
		$("closed").hidden = !closed;
		$("closed").textContent = t("channel_closed");
		$("start").hidden = chat.kind !== "private" || this.#model.messages(me, chat).length > 0;
		this.#drawContext();
		this.#fit();
	}

	focus() { $("input").focus({ preventScroll: true }); }

	// write puts a text into the field.
	write(text) {
		$("input").value = text;
		this.focus();
		$("input").setSelectionRange(text.length, text.length);
		this.#typed();
	}

	reply(message) {
		this.#context = { reply: message };
		this.#drawContext();
		this.focus();
	}

	edit(message) {
		this.#context = { edit: message };
		this.#drawContext();
		this.write(message.text);
	}

	#drawContext() {
		const message = this.#context?.edit ?? this.#context?.reply;
		const chat = this.#model.chat(this.#view.chat);
		$("context").hidden = !message;
		$("input").placeholder = this.#context?.reply?.hint || t("write");
		if (message) {
			$("context-icon").replaceChildren(icon(this.#context.edit ? "edit" : "reply"));
			$("context-title").textContent = this.#context.edit ? t("editing") : t("answering", { name: this.#model.name(message.from, chat) });
			$("context-snippet").textContent = snippet(this.#model, message, chat);
		}
	}

	#cancel() {
		if (this.#context?.edit) {
			$("input").value = "";
			this.#fit();
		}
		this.#context = null;
		this.#drawContext();
	}

	#submit() {
		const text = $("input").value.trim();
		if (text !== "") {
			this.#send(text);
		}
	}

	async #send(text) {
		const context = this.#context;
		this.#context = null;
		this.#clear();
		const done = context?.edit
			? await this.#view.act({ do: "edit", message: context.edit.id, text })
			: await this.#view.send({ do: "say", text, replyTo: context?.reply?.id });
		if (!done && $("input").value === "") { // it was not sent: nothing that was written is lost
			this.#context = context;
			this.#drawContext();
			this.write(text);
		}
	}

	#clear() {
		$("input").value = "";
		this.#offer([]);
		this.#drawContext();
		this.#fit();
		this.focus();
	}

	#typed() {
		this.#fit();
		clearTimeout(this.#timer);
		const number = ++this.#asked;
		const text = $("input").value;
		const mention = `@${this.#model.head.bot.username}`;
		if (this.#context?.edit || $("closed").hidden === false) {
			this.#offer([]);
		} else if (/^\/\w*$/.test(text)) {
			this.#offerCommands(text.slice(1).toLowerCase(), number);
		} else if (text.toLowerCase().startsWith(`${mention} `)) {
			this.#timer = setTimeout(() => this.#offerResults(text.slice(mention.length + 1), number), pause);
		} else if (/^@\w*$/.test(text) && mention.startsWith(text.toLowerCase())) {
			this.#offer([{ face: [h("strong", {}, mention), h("span", {}, t("inline_hint"))], send: () => this.write(`${mention} `), complete: `${mention} ` }]);
		} else {
			this.#offer([]);
		}
	}

	async #offerCommands(prefix, number) {
		const { me, chat } = this.#view;
		const commands = await this.#model.menu(me, chat);
		if (number !== this.#asked) {
			return;
		}
		const address = this.#model.chat(chat).kind === "private" ? "" : `@${this.#model.head.bot.username}`;
		this.#offer(commands.filter((c) => c.command.startsWith(prefix)).map(({ command, description }) => ({
			face: [h("strong", {}, `/${command}`), h("span", { dir: "auto" }, description)],
			send: () => this.#send(`/${command}${address}`),
			complete: `/${command}${address} `,
		})));
	}

	async #offerResults(words, number) {
		this.#note(t("inline_wait"));
		const offered = await this.#view.act({ do: "inline", text: words });
		if (number !== this.#asked) {
			return;
		}
		this.#offer((offered?.results ?? []).map((result) => ({
			face: [h("strong", { dir: "auto" }, result.title), h("span", { dir: "auto" }, result.description)],
			send: () => {
				const replyTo = this.#context?.reply?.id;
				this.#context = null;
				this.#clear();
				this.#view.send({ do: "choose", query: offered.query, result: result.id, replyTo });
			},
		})), offered?.button);
		if (offered && offered.results.length === 0 && !offered.button) {
			this.#note(t("inline_none"));
		}
	}

	// offer shows a list above the field, or none. The button stands above the list.
	#offer(offers, button) {
		this.#offers = offers;
		this.#active = offers.length > 0 ? 0 : -1;
		$("offers-list").replaceChildren(...offers.map((offer, i) => h("li", {
			role: "option", id: `offer-${i}`, class: "offer", onmousedown: (event) => event.preventDefault(), onclick: () => offer.send(),
		}, offer.face)));
		$("offers-list").hidden = offers.length === 0;
		$("offers-button").hidden = !button;
		$("offers-button").textContent = button?.text ?? "";
		$("offers-button").onclick = () => { this.#clear(); this.#view.follow(button.start_parameter); };
		$("offers-note").hidden = true;
		$("offers").hidden = offers.length === 0 && !button;
		$("input").setAttribute("aria-expanded", String(offers.length > 0));
		this.#drawActive();
	}

	#note(text) {
		if (this.#offers.length === 0) {
			$("offers").hidden = false;
			$("offers-list").hidden = true;
			$("offers-note").hidden = false;
			$("offers-note").textContent = text;
		}
	}

	#drawActive() {
		[...$("offers-list").children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.#active)));
		$("offers-list").children[this.#active]?.scrollIntoView({ block: "nearest" });
		if (this.#active >= 0) {
			$("input").setAttribute("aria-activedescendant", `offer-${this.#active}`);
		} else {
			$("input").removeAttribute("aria-activedescendant");
		}
	}

	#key(event) {
		if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		const offer = this.#offers[this.#active];
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (offer && step) {
			event.preventDefault();
			this.#active = (this.#active + step + this.#offers.length) % this.#offers.length;
			this.#drawActive();
		} else if (offer?.complete && event.key === "Tab" && !event.shiftKey) {
			event.preventDefault();
			this.write(offer.complete);
		} else if (event.key === "Enter" && !event.shiftKey) {
			event.preventDefault();
			(offer ? offer.send : () => this.#submit())();
		} else if (event.key === "Escape" && !$("offers").hidden) {
			event.stopPropagation();
			this.#asked++;
			this.#offer([]);
		} else if (event.key === "Escape" && this.#context) {
			event.stopPropagation();
			this.#cancel();
		} else if (event.key === "ArrowUp" && event.target.value === "" && !this.#context) {
			event.preventDefault();
			this.#editLast();
		}
	}

	#editLast() {
		const { me, chat, thread } = this.#view;
		const mine = this.#model.messages(me, this.#model.chat(chat), thread).findLast((m) => m.author === me && !m.via && !m.service && !m.media);
		if (mine) {
			this.edit(mine);
		}
	}

	#fit() {
		const input = $("input");
		input.style.height = "auto";
		input.style.height = `${input.scrollHeight}px`;
	}
}
