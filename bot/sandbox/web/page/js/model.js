// The world as the server tells of it. A Model dispatches "head" when people, chats, the clock or the content have changed,
// "messages" with {chats: Set, history} when something was said, "typing" with {chat}, and "connection" with {lost}.

const hiddenFor = 30_000; // milliseconds until a hidden tab gives its connection back; browsers allow six

export class Model extends EventTarget {
	head = null;
	chats = new Map(); // chat id to its messages, by id

	#source = null;
	#last = "";
	#history = true;
	#offset = 0;

	async start() {
		this.#setHead(await (await fetch("state")).json());
		this.chats = new Map(this.head.chats.map((chat) => [chat.id, new Map()]));
		this.#last = `${this.head.world}-0`;
		this.#connect();
		let hiding;
		document.addEventListener("visibilitychange", () => {
			clearTimeout(hiding);
			if (document.hidden) {
				hiding = setTimeout(() => { this.#source?.close(); this.#source = null; }, hiddenFor);
			} else if (!this.#source) {
				this.#connect();
			}
		});
	}

	// now is the time in the world.
	now() { return new Date(Date.now() + this.#offset); }

	person(id) { return this.head.people.find((person) => person.id === id); }
	chat(id) { return this.head.chats.find((chat) => chat.id === id); }

	// name is what a user is called: a person, the bot, or with id 0 the chat itself.
	name(id, chat) {
		if (id === this.head.bot.id) {
			return this.head.bot.name;
		}
		return this.person(id)?.name ?? chat?.title ?? "";
	}

	// chatsOf are the chats that a person is in; the private one first.
	chatsOf(person) {
		return this.head.chats.filter((chat) => chat.kind === "private" ? chat.id === person : present(chat.members[person]));
	}

	manages(person, chat) { return ["creator", "administrator"].includes(chat.members?.[person]); }

	// messages are what a person sees of a chat, oldest first; of a forum only one topic, 0 for General, unless thread is undefined.
	messages(person, chat, thread) {
		const all = [...(this.chats.get(chat.id)?.values() ?? [])];
		return all.filter((m) => (!m.receiver || m.receiver === person) && (!chat.forum || thread === undefined || (m.thread ?? 0) === thread));
	}

	// act has the server do something, and returns what came of it.
	async act(action) {
		const response = await fetch("act", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(action) });
		const result = await response.json();
		if (!response.ok) {
			throw new Error(result.error);
		}
		return result;
	}

	async menu(person, chat) { return (await fetch(`menu?as=${person}&chat=${chat}`)).json(); }

	// explain is how a message was understood, null if it asks nothing.
	async explain(query) {
		const response = await fetch(`explain?${new URLSearchParams(query)}`);
		return response.status === 200 ? response.json() : null;
	}

	#connect() {
		const source = new EventSource(`events?since=${this.#last}`);
		this.#source = source;
		source.addEventListener("open", () => this.#dispatch("connection", { lost: false }));
		source.addEventListener("error", () => this.#dispatch("connection", { lost: true }));
		source.addEventListener("head", (event) => {
			const head = JSON.parse(event.data);
			if (head.world !== this.head.world) { // the demo was reset, or is another one
				source.close();
				location.reload();
				return;
			}
			this.#setHead(head);
		});
		source.addEventListener("events", (event) => {
			this.#last = event.lastEventId;
			this.#apply(JSON.parse(event.data));
		});
	}

	#setHead(head) {
		this.#offset = new Date(head.now) - Date.now();
		this.head = head;
		this.#dispatch("head");
	}

	#apply(events) {
		const chats = new Set();
		for (const { kind, chat, message } of events) {
			const messages = this.chats.get(chat);
			if (kind === "action") {
				this.#dispatch("typing", { chat });
			} else if (messages && kind === "deleted") {
				messages.delete(message.id);
				chats.add(chat);
			} else if (messages) {
				messages.set(message.id, message);
				chats.add(chat);
			}
		}
		if (chats.size > 0) {
			this.#dispatch("messages", { chats, events, history: this.#history });
		}
		this.#history = false;
	}

	#dispatch(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}

export function present(status) { return status !== undefined && status !== "left" && status !== "kicked"; }
