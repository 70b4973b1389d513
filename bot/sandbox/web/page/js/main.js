// Start here. A View is one browser tab: who acts, which chat is open, and what pressing things does.

import { Composer } from "./composer.js";
import { $, h, icon } from "./dom.js";
import { Log } from "./log.js";
import { ask, note, openMenu } from "./menu.js";
import { Model } from "./model.js";
import { Panel } from "./panel.js";
import { Side, chatAvatar, chatTitle } from "./side.js";
import { label, language, languages, setLanguage, t } from "./words.js";

const themes = ["auto", "light", "dark"];
const themeIcons = { auto: "auto", light: "sun", dark: "moon" };
const typingFor = 5000; // milliseconds, as in Telegram's clients
const narrow = matchMedia("(max-width: 760px)");
const wide = matchMedia("(min-width: 1180px)");

class View {
	me = 0;
	chat = 0;
	thread = 0;

	#model = new Model();
	#lost = false; // the connection
	#seen = new Map(); // "person chat" to the last message seen
	#typing = new Map(); // chat to the timer that ends it

	async start() {
		this.side = new Side(this.#model, this);
		this.log = new Log(this.#model, this);
		this.composer = new Composer(this.#model, this);
		this.panel = new Panel(this.#model, this);
		this.#wire();
		label(document);
		this.#drawTheme();
		await this.#model.start();
		$("app").inert = false;
		this.togglePanel(wide.matches);
		this.#restore();
		this.#model.addEventListener("head", () => this.#headChanged());
		this.#model.addEventListener("messages", ({ detail }) => this.#said(detail));
		this.#model.addEventListener("typing", ({ detail }) => this.#showTyping(detail.chat));
		this.#model.addEventListener("connection", ({ detail }) => {
			this.#lost = detail.lost;
			this.#drawTitle();
		});
	}

	// Who and where.

	actAs(person) {
		this.me = person;
		const chats = this.#model.chatsOf(person);
		const kept = chats.find((chat) => chat.id === this.chat) ?? chats[0];
		this.#show(kept.id, kept.id === this.chat ? this.thread : 0);
	}

	// open opens a chat, on a phone in the place of the list.
	open(chat, thread = 0) {
		$("app").dataset.view = "chat";
		this.#show(chat, thread);
		this.#focus();
	}

	// focus goes to the field; on a phone, where that would bring up the keyboard, to the messages.
	#focus() {
		if (narrow.matches) {
			$("log").focus({ preventScroll: true });
		} else {
			this.composer.focus();
		}
	}

	#show(chat, thread) {
		this.chat = chat;
		this.thread = thread;
		this.#markSeen();
		history.replaceState(null, "", `#${new URLSearchParams({ as: this.#model.person(this.me).name, chat, thread })}`);
		this.#draw(true);
	}

	// restore opens what the address says, else the English speaker's private chat, or that of a person with the page's language.
	#restore() {
		const wanted = new URLSearchParams(location.hash.slice(1));
		const people = this.#model.head.people;
		const person = people.find((p) => p.name === wanted.get("as")) ?? people.find((p) => p.lang === language() && !p.officer) ?? people[0];
		const chats = this.#model.chatsOf(person.id);
		const chat = chats.find((c) => String(c.id) === wanted.get("chat")) ?? chats[0];
		this.me = person.id;
		if (wanted.has("chat")) {
			$("app").dataset.view = "chat";
		}
		this.#show(chat.id, chat.topics?.some((topic) => String(topic.thread) === wanted.get("thread")) ? Number(wanted.get("thread")) : 0);
		if (!narrow.matches) {
			this.composer.focus();
		}
	}

	unread(chat) {
		const seen = this.#seen.get(`${this.me} ${chat.id}`) ?? 0;
		return this.#model.messages(this.me, chat).filter((m) => m.id > seen && m.author !== this.me).length;
	}

	#markSeen() {
		const chat = this.#model.chat(this.chat);
		this.#seen.set(`${this.me} ${this.chat}`, this.#model.messages(this.me, chat).at(-1)?.id ?? 0);
	}

	// What happens.

	#headChanged() {
		if (!this.#model.chat(this.chat) || !this.#model.chatsOf(this.me).some((chat) => chat.id === this.chat)) {
			this.actAs(this.#model.person(this.me) ? this.me : this.#model.head.people[0].id);
			return;
		}
		this.#draw();
		this.panel.again();
	}

	#said({ chats, events, history }) {
		if (history) { // what was said before this tab came counts as seen, except by the bot to whoever is not looking
			for (const person of this.#model.head.people) {
				for (const chat of this.#model.chatsOf(person.id)) {
					this.#seen.set(`${person.id} ${chat.id}`, this.#model.messages(person.id, chat).at(-1)?.id ?? 0);
				}
			}
		}
		for (const { kind, chat, message } of events) {
			if (message?.bot && this.#typing.has(chat)) {
				this.#endTyping(chat);
			}
			if (!history && kind !== "deleted" && message?.author === this.me && !message.bot && chat === this.chat) {
				this.why({ chat, message: message.id });
			}
		}
		this.side.draw();
		if (chats.has(this.chat)) {
			this.#markSeen();
			this.log.draw(history);
			this.composer.draw();
			this.#forceReply(history ? [] : events);
		}
		this.side.draw();
	}

	// forceReply begins the reply that the bot asks this person for.
	#forceReply(events) {
		for (const { kind, chat, message } of events) {
			if (kind === "posted" && chat === this.chat && message.forceReply && (message.thread ?? 0) === this.thread) {
				const to = this.#model.chats.get(chat).get(message.replyTo);
				if (!to || to.author === this.me) {
					this.composer.reply(message);
				}
			}
		}
	}

	#showTyping(chat) {
		clearTimeout(this.#typing.get(chat));
		this.#typing.set(chat, setTimeout(() => this.#endTyping(chat), typingFor));
		this.#drawTitle();
	}

	#endTyping(chat) {
		clearTimeout(this.#typing.get(chat));
		this.#typing.delete(chat);
		this.#drawTitle();
	}

	// What one does.

	// act does something as this person in this chat, and returns what came of it; undefined if it cannot be done, which is then said.
	async act(action) {
		try {
			return await this.#model.act({ as: this.me, chat: this.chat, ...action }) ?? true;
		} catch (error) {
			note(error instanceof TypeError ? t("lost") : error.message, true); // fetch throws a TypeError where nobody answers
			return undefined;
		}
	}

	// send is act for what puts a message into the open topic.
	send(action) {
		this.log.toEnd();
		return this.act({ thread: this.thread || undefined, ...action });
	}

	say(text) { return this.send({ do: "say", text }); }

	// command sends a command that stands in a message.
	command(text) {
		const bare = this.#model.chat(this.chat).kind === "private" || text.includes("@");
		this.say(bare ? text : `${text}@${this.#model.head.bot.username}`);
	}

	reply(message) { this.composer.reply(message); }
	edit(message) { this.composer.edit(message); }

	why(query) {
		this.panel.show(query);
	}

	// explain is why, with the panel open.
	explain(query) {
		this.togglePanel(true);
		this.why(query);
	}

	async press(message, button, row, column) {
		const answer = await this.act({ do: "press", message: message.id, row, column, text: button.text });
		if (answer?.alert) {
			await ask(this.#model.head.bot.name, h("p", { dir: "auto" }, answer.text), [{ text: t("ok"), strong: true }]);
		} else if (answer?.text) {
			note(answer.text);
		}
	}

	// inline begins inline words in this chat, or in one that is chosen first.
	async inline(words, here) {
		const chat = here ? this.chat : await this.#chooseChat();
		if (chat) {
			this.open(chat, chat === this.chat ? this.thread : 0);
			this.composer.write(`@${this.#model.head.bot.username} ${words}`);
		}
	}

	// follow presses Start in the private chat with the bot, with a link's payload.
	async follow(payload) {
		this.open(this.me);
		await this.act({ do: "start", text: payload });
	}

	// followLink deals with the addresses that Telegram's clients deal with themselves, and returns whether it did.
	followLink(url) {
		if (url.host !== "t.me") {
			return false;
		}
		const [first, ...rest] = url.pathname.split("/").filter(Boolean);
		if (first === "share") {
			this.#share(url.searchParams);
		} else if (first === "c") {
			this.elsewhere(Number(`-100${rest[0]}`), Number(rest.at(-1)));
		} else if (first?.toLowerCase() === this.#model.head.bot.username.toLowerCase()) {
			this.follow(url.searchParams.get("start") ?? "");
		} else {
			return false;
		}
		return true;
	}

	// elsewhere goes to a message of another chat or topic.
	elsewhere(chat, id) {
		const message = this.#model.chats.get(chat)?.get(id);
		if (!message || !this.#model.chatsOf(this.me).some((c) => c.id === chat)) {
			note(t("gone"), true);
			return;
		}
		this.open(chat, this.#model.chat(chat).forum ? message.thread ?? 0 : 0);
		this.log.goTo(id);
	}

	async #share(parameters) {
		const chat = await this.#chooseChat();
		if (chat) {
			this.open(chat);
			this.composer.write([parameters.get("url"), parameters.get("text")].filter(Boolean).join("\n"));
		}
	}

	#chooseChat() {
		return ask(t("share_to"), null, [
			...this.#model.chatsOf(this.me).filter((chat) => chat.kind !== "channel" || this.#model.manages(this.me, chat))
				.map((chat) => ({ text: chatTitle(this.#model, chat), value: chat.id, icon: chatAvatar(this.#model, chat) })),
		]);
	}

	async #reset() {
		const sure = await ask(t("reset_ask"), h("p", {}, t("reset_body")), [{ text: t("cancel") }, { text: t("reset"), value: true, strong: true }]);
		if (sure) {
			await this.act({ do: "reset", chat: undefined });
		}
	}

	async #newTopic() {
		const field = h("input", { type: "text", maxlength: "128", "aria-label": t("topic_name"), placeholder: t("topic_name") });
		const sure = await ask(t("new_topic"), field, [{ text: t("cancel") }, { text: t("create"), value: true, strong: true }]);
		if (sure && field.value.trim()) {
			const made = await this.act({ do: "topic", text: field.value });
			if (made) {
				this.open(this.chat, made.message);
			}
		}
	}

	// How it looks.

	#draw(opened = false) {
		label(document);
		this.#drawTheme();
		this.side.draw();
		this.#drawTitle();
		this.#drawTopics();
		this.log.draw(opened);
		this.composer.draw();
		this.panel.draw();
	}

	#drawTitle() {
		const chat = this.#model.chat(this.chat);
		const title = chatTitle(this.#model, chat);
		$("title").textContent = title;
		document.title = `${title} · Releasebot`;
		$("talk-avatar").replaceChildren(chatAvatar(this.#model, chat));
		const people = Object.entries(chat.members ?? {}).filter(([id, status]) => Number(id) !== this.#model.head.bot.id && status !== "left" && status !== "kicked").length;
		const kinds = { private: t("bot"), channel: t("subscribers", { n: people }) };
		const typing = this.#typing.has(this.chat) && !this.#lost;
		$("subtitle").textContent = this.#lost ? t("lost") : typing ? t("typing") : kinds[chat.kind] ?? t("members", { n: people + (this.#botIsIn(chat) ? 1 : 0) });
		$("subtitle").classList.toggle("typing", typing);
		$("subtitle").classList.toggle("lost", this.#lost);
		$("more").hidden = !chat.forum && !this.#model.manages(this.me, chat);
	}

	#botIsIn(chat) { return !["left", "kicked"].includes(chat.members?.[this.#model.head.bot.id]); }

	#drawTopics() {
		const chat = this.#model.chat(this.chat);
		$("topics").hidden = !chat.forum;
		$("topics").replaceChildren(...[{ thread: 0, name: t("general") }, ...chat.topics ?? []].map((topic) => h("button", {
			type: "button", class: "topic", "aria-current": topic.thread === this.thread ? "true" : undefined,
			onclick: () => this.open(this.chat, topic.thread),
		}, topic.thread === 0 ? null : h("span", { class: `topic-dot tone-${topic.thread % 7}` }), topic.name)));
	}

	#drawTheme() {
		const theme = document.documentElement.dataset.theme;
		$("theme").replaceChildren(icon(themeIcons[theme]));
		$("theme").setAttribute("aria-label", t(`theme_${theme}`));
		$("theme").title = t(`theme_${theme}`);
	}

	togglePanel(open) {
		$("app").classList.toggle("with-panel", open);
		$("panel-toggle").setAttribute("aria-expanded", String(open));
		if (open && !wide.matches) { // it lies over the chat
			$("panel-close").focus();
		} else if (!open && $("panel").contains(document.activeElement)) {
			$("panel-toggle").focus();
		}
	}

	#wire() {
		for (const [id, name] of [["back", "back"], ["more", "more"], ["panel-toggle", "panel"], ["to-end", "down"], ["language", "language"]]) {
			$(id).append(icon(name));
		}
		$("back").addEventListener("click", () => {
			$("app").dataset.view = "list";
			$("chats").querySelector("[aria-current]")?.focus();
		});
		$("panel-toggle").addEventListener("click", () => this.togglePanel(!$("app").classList.contains("with-panel")));
		$("theme").addEventListener("click", () => {
			const theme = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
			document.documentElement.dataset.theme = theme;
			localStorage.setItem("theme", theme);
			this.#drawTheme();
		});
		$("language").addEventListener("click", () => openMenu($("language"), Object.entries(languages).map(([code, name]) => ({
			text: name, lang: code, checked: code === language(), run: () => { setLanguage(code); this.#draw(); },
		}))));
		$("more").addEventListener("click", () => openMenu($("more"), this.#chatMenu()));
		$("reset").addEventListener("click", () => this.#reset());
		document.addEventListener("keydown", (event) => {
			if (event.key === "Escape" && !wide.matches && $("app").classList.contains("with-panel")) {
				this.togglePanel(false);
			}
		});
	}

	#chatMenu() {
		const chat = this.#model.chat(this.chat);
		const items = chat.forum ? [{ text: t("new_topic"), icon: "forum", run: () => this.#newTopic() }] : [];
		if (this.#model.manages(this.me, chat)) {
			items.push(this.#botIsIn(chat)
				? { text: t("bot_out"), icon: "close", run: () => this.act({ do: "remove" }) }
				: { text: t("bot_in"), icon: "bot", run: () => this.act({ do: "invite" }) });
		}
		return items;
	}
}

await new View().start();
