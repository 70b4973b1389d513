// The curator's panel: how the last question was understood, and how the content is.

import { $, h, icon, replace } from "./dom.js";
import { copy } from "./menu.js";
import { languageName, t } from "./words.js";

export class Panel {
	#model;
	#query = null; // the message that is explained
	#explained = null;
	#asked = 0; // number of the last explanation that was asked for
	#shown = 0; // and of the one that is shown

	constructor(model, view) {
		this.#model = model;
		$("panel-close").append(icon("close"));
		$("panel-close").addEventListener("click", () => view.togglePanel(false));
	}

	// show explains a message, {chat, message}. One that asks nothing leaves what is there.
	async show(query) {
		const number = ++this.#asked;
		const explained = await this.#model.explain(query);
		if (explained && number > this.#shown) {
			const another = query !== this.#query;
			this.#shown = number;
			this.#query = query;
			this.#explained = explained;
			this.draw();
			if (another) {
				$("panel-body").scrollTop = 0;
			}
		}
	}

	// again explains the same once more, by content that may have changed.
	again() {
		if (this.#query) {
			this.show(this.#query);
		}
		this.draw();
	}

	draw() {
		const unfolded = $("panel-body").querySelector(".warnings")?.open ?? false;
		replace($("panel-body").firstElementChild, h("div", { tabindex: "-1" },
			this.#explained ? question(this.#explained) : h("p", { class: "hint" }, t("nothing_asked")),
			content(this.#model.head.content, unfolded)));
	}
}

function question(e) {
	return [
		h("section", { class: "card" },
			h("h3", {}, t("last_question")),
			h("p", { class: "asked", dir: "auto" }, e.question),
			h("ul", { class: "chips", "aria-label": t("heard") },
				h("li", {}, e.lang ? languageName(e.lang) : t("unsure")),
				h("li", { class: e.how === "as typed" ? "" : "notable" }, t(e.how || "as typed")),
				e.corrections.map((c) => h("li", { class: "notable", "aria-label": t("taken_for", c) }, h("s", {}, c.from), " ", h("b", {}, c.to)))),
			e.how !== "as typed" && e.read !== e.question ? h("p", { class: "read", dir: "auto" }, e.read) : null),
		h("section", { class: "card" },
			h("h3", {}, t("outcome")),
			h("p", { class: `outcome ${e.kind}` }, h("span", { class: "dot" }), t(e.kind)),
			confidence(e),
			e.kind === "suggest" && e.confidence >= e.answer ? h("p", { class: "hint" }, t("toss_up")) : null),
		h("section", { class: "card" },
			h("h3", {}, t("nearest")),
			h("ol", { class: "ranking" }, e.ranking.map((ranked) => near(ranked, e)))),
	];
}

// confidence shows how sure the reply is, and from where on it would have been another.
function confidence(e) {
	const thresholds = [["answer", e.answer], ["suggest", e.suggest]].filter(([, value]) => value > 0);
	return h("div", { class: "confidence" },
		h("p", { class: "figure" }, h("span", {}, t("confidence")), h("b", {}, percent(e.confidence))),
		h("div", { class: "scale", "aria-hidden": "true" },
			bar("fill", e.confidence),
			thresholds.map(([name, value]) => mark(name, value))),
		thresholds.length > 0 ? h("p", { class: "thresholds" }, thresholds.map(([name, value]) =>
			h("span", { class: name }, t(`threshold_${name}`, { n: percent(value) })))) : null);
}

function near(ranked, e) {
	const parts = ranked.why.filter((reason) => reason.value > 0);
	const scale = Math.max(ranked.confidence, 0) / (parts.reduce((sum, reason) => sum + reason.value, 0) || 1);
	return h("li", { class: ranked.id === e.ranking[0].id && e.kind !== "none" && e.kind !== "suggest" ? "chosen" : "" },
		h("p", { class: "near-top" },
			h("span", { class: "near-question", dir: "auto" }, ranked.question),
			h("b", {}, percent(ranked.confidence))),
		h("div", { class: "scale", "aria-hidden": "true" }, parts.map((reason, i) => bar(`part-${i % 5}`, reason.value * scale))),
		h("p", { class: "reasons" }, ranked.why.map((reason) => h("span", { class: reason.value > 0 ? `part-${parts.indexOf(reason) % 5}` : "against" },
			`${t(reason.name)} ${signed(reason.value)}`))),
		h("p", { class: "place" },
			ranked.gap ? h("span", { class: "gap-badge" }, t("is_gap")) : null,
			place(ranked.file, ranked.line)));
}

// place is a file and line that can be copied, to be opened in an editor.
function place(file, line) {
	const text = line > 0 ? `${file}:${line}` : file;
	const slash = text.lastIndexOf("/") + 1;
	return h("button", { type: "button", class: "file", title: text, "aria-label": `${t("copy")}: ${text}`, onclick: () => copy(text) },
		h("span", { class: "folder" }, text.slice(0, slash)), h("span", { class: "file-name" }, text.slice(slash)), icon("copy"));
}

function content(c, unfolded) {
	const errors = c.problems?.filter((p) => !p.warning) ?? [];
	const warnings = c.problems?.filter((p) => p.warning) ?? [];
	return h("section", { class: "card", role: "status" },
		h("h3", {}, t("content")),
		h("p", { class: "counts" }, t("counts", c)),
		h("p", { class: "hint" }, c.folder ? t("watched", c) : t("built_in")),
		c.stale ? h("p", { class: "stale" }, icon("warning"), t("stale")) : null,
		c.changes?.length > 0 && !c.stale ? [h("h4", {}, t("saved")), h("ul", { class: "changes" }, c.changes.map((change) => h("li", {},
			h("span", { class: `change ${change.kind}` }, t(change.kind)), " ", h("span", { dir: "auto" }, change.question))))] : null,
		problems("errors", errors, true),
		problems("warnings", warnings, unfolded),
		c.checking ? h("p", { class: "hint" }, t("checking")) : null,
		c.folder && !c.checking && errors.length + warnings.length === 0 ? h("p", { class: "fine" }, icon("check"), t("no_problems")) : null);
}

function problems(key, list, open) {
	return list.length === 0 ? null : h("details", { class: `problems ${key}`, open },
		h("summary", {}, `${t(key)} (${list.length})`),
		h("ul", {}, list.map((p) => h("li", {}, place(p.file, p.line), h("p", { dir: "auto" }, p.message), p.hint ? h("p", { class: "hint", dir: "auto" }, p.hint) : null))));
}

function bar(name, share) {
	const element = h("span", { class: name });
	element.style.inlineSize = `${Math.max(0, Math.min(1, share)) * 100}%`;
	return element;
}

function mark(name, share) {
	const element = h("span", { class: `mark ${name}` });
	element.style.insetInlineStart = `${share * 100}%`;
	return element;
}

const percent = (share) => `${Math.round(share * 100)}%`;
const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
