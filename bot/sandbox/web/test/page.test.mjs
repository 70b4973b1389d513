// The demo's page as people use it. Each test has a world and a browser tab of its own; whatever the tab complains of fails it.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { desktop, launch, patience, phone, startDemo } from "./demo.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const office = join(import.meta.dirname, "../../../../cmd/releasebot/testdata/office");

let browser;
let demo;
let complaints;
let contexts;

before(async () => { [browser, demo] = await Promise.all([launch(), startDemo()]); });
after(async () => { await browser?.close(); await demo?.stop(); });

beforeEach(() => { [complaints, contexts] = [[], []]; });
afterEach(async () => {
	await Promise.all(contexts.map((context) => context.close()));
	assert.deepEqual(complaints, []);
});

// open opens the page in a tab, as one of the people and in a world that is new unless kept.
async function open({ as = "John", kept = false, url = demo.url, ...options } = {}) {
	const context = await browser.newContext({ viewport: desktop, locale: "en-GB", ...options });
	contexts.push(context);
	const page = await context.newPage();
	page.setDefaultTimeout(patience);
	page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") { complaints.push(message.text()); } });
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
	await context.route((address) => address.origin !== url, (route) => { complaints.push(`request to ${route.request().url()}`); route.abort(); });
	if (!kept) {
		const { people } = await state(url);
		await fetch(`${url}/act`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ do: "reset", as: people[0].id }) });
	}
	await page.goto(`${url}/#as=${as}`);
	await page.locator(".chat").first().waitFor();
	return page;
}

const state = async (url = demo.url) => (await fetch(`${url}/state`)).json();
const input = (page) => page.locator("#input");
const answers = (page) => page.locator(".message.in");
const last = (page) => answers(page).last();
const key = (page, text) => last(page).locator(".key", { hasText: text });
const chat = (page, title) => page.locator(".chat-title", { hasText: title }).click();

// say writes a message and waits until the bot has answered it with one that has the text.
async function say(page, text, answer) {
	const heard = await answers(page).count();
	await input(page).fill(text);
	if (text.startsWith("/")) {
		await input(page).press("Escape"); // the menu of commands
	}
	await input(page).press("Enter");
	await page.waitForFunction((n) => document.querySelectorAll(".message.in").length > n, heard);
	await last(page).filter({ hasText: answer }).waitFor();
}

// withOffice runs a test with a demo of its own, of a small office's content: written is what stands in the file pairs.
async function withOffice(run) {
	const folder = await mkdtemp(join(tmpdir(), "releasebot-content-"));
	await cp(office, folder, { recursive: true });
	const [release] = await readdir(join(folder, "releases"));
	const pairs = join(folder, "releases", release, "pairs.yaml");
	const own = await startDemo("--content", folder);
	try {
		await run({ url: own.url, pairs, written: await readFile(pairs, "utf8") });
	} finally {
		await Promise.all(contexts.map((context) => context.close())); // before what they are connected to
		await own.stop();
		await rm(folder, { recursive: true });
	}
}

describe("asking", () => {
	for (const [as, lang] of [["Aida", "kk"], ["Ivan", "ru"], ["John", "en"]]) {
		test(`gets an answer with the release's own words in ${lang}`, async () => {
			const page = await open({ as });
			const question = (await state()).examples[lang][1];
			await say(page, question, question);
			await last(page).locator("blockquote", { hasText: "Kazakhstan" }).first().waitFor();
			assert.equal(await last(page).locator(".text strong").first().textContent(), question);
			const source = last(page).locator("a.key").first();
			assert.equal(await source.getAttribute("target"), "_blank");
			assert.match(await source.getAttribute("rel"), /noopener/);
			assert.match(await source.getAttribute("href"), /#:~:text=/);
		});
	}

	test("an example is one press away", async () => {
		const page = await open();
		await page.locator(".examples button").first().click();
		await last(page).locator("blockquote").first().waitFor();
		await page.locator(".empty").waitFor({ state: "detached" });
	});

	test("a suggestion that is chosen becomes the answer", async () => {
		const page = await open();
		await say(page, "lebanon", "Which did you mean?");
		const question = (await last(page).locator(".key").first().textContent()).replace("…", "");
		await last(page).locator(".key").first().click();
		await last(page).locator("blockquote").first().waitFor();
		assert.ok((await last(page).locator(".text strong").first().textContent()).startsWith(question));
		assert.equal(await answers(page).count(), 1);
		await last(page).locator(".meta", { hasText: "edited" }).waitFor();
	});

	test("a question that is edited edits its answer", async () => {
		const page = await open();
		const [first, second] = (await state()).examples.en;
		await say(page, first, first);
		await input(page).press("ArrowUp");
		await page.locator("#context-title", { hasText: "Editing" }).waitFor();
		assert.equal(await input(page).inputValue(), first);
		await input(page).fill(second);
		await input(page).press("Enter");
		await last(page).locator(".text strong", { hasText: second }).first().waitFor(); // a button may have had these words before
		assert.equal(await answers(page).count(), 1);
		await page.locator(".message.out .meta", { hasText: "edited" }).waitFor();
	});

	test("topics are browsed and paged", async () => {
		const page = await open();
		await say(page, "/topics", "Topics");
		const topics = await last(page).locator(".key").count();
		for (let i = 0; i < topics; i++) {
			await last(page).locator(".key").nth(i).click();
			await key(page, "‹ Topics").waitFor();
			if (await last(page).locator(".key", { hasText: /^›$/ }).count() > 0) {
				const firstPage = await last(page).locator(".key").first().textContent();
				await last(page).locator(".key", { hasText: /^›$/ }).click();
				await key(page, "2 /").waitFor();
				assert.notEqual(await last(page).locator(".key").first().textContent(), firstPage);
				await last(page).locator(".key").first().click();
				await last(page).locator("blockquote").first().waitFor();
				return;
			}
			await key(page, "‹ Topics").click();
			await last(page).locator(".text", { hasText: /^Topics$/ }).waitFor();
		}
		assert.fail("no topic has a second page");
	});

	test("the language can be chosen", async () => {
		const page = await open();
		await say(page, "/language", "Language");
		await key(page, "Русский").click();
		await last(page).filter({ hasText: "русск" }).waitFor();
		const { examples } = await state();
		await say(page, examples.en[1], examples.ru[1]);
	});
});

describe("groups", () => {
	test("/ask in a forum's topic is answered there", async () => {
		const page = await open();
		const question = (await state()).examples.en[1];
		await chat(page, "Press club");
		await page.locator(".topic", { hasText: "Lebanon" }).click();
		await say(page, `/ask ${question}`, question);
		await last(page).locator(".quoted", { hasText: "John" }).waitFor();
		await page.locator(".topic", { hasText: "General" }).click();
		assert.equal(await answers(page).filter({ hasText: question }).count(), 0);
	});

	test("a plain /ask asks for a reply, which the field then is", async () => {
		const page = await open();
		const question = (await state()).examples.en[1];
		await chat(page, "Newsroom");
		await say(page, "/ask", "What is your question?");
		await page.locator("#context-title", { hasText: "Reply to Releasebot" }).waitFor();
		await say(page, question, question);
	});

	test("what one says the others see, in tabs of their own", async () => {
		const john = await open();
		const aida = await open({ as: "Aida", kept: true });
		await chat(aida, "Newsroom");
		await answers(aida).first().waitFor(); // the bot has said hello
		await chat(john, "Newsroom");
		await input(john).fill("Good morning");
		await input(john).press("Enter");
		await answers(aida).filter({ hasText: "Good morning" }).locator(".name", { hasText: "John" }).waitFor();
		await chat(aida, "Press club");
		await input(john).fill("Anybody there?");
		await input(john).press("Enter");
		await aida.locator(".chat", { hasText: "Newsroom" }).locator(".unread", { hasText: "1" }).waitFor();
	});

	test("only administrators write in the channel", async () => {
		const page = await open();
		await chat(page, "Ministry news");
		await page.locator("#closed").waitFor();
		await page.locator(".person", { hasText: "Dana" }).click();
		await page.locator("#closed").waitFor({ state: "hidden" });
	});
});

describe("inline", () => {
	test("results come as one types, and the chosen one is sent", async () => {
		const page = await open();
		await chat(page, "Newsroom");
		await input(page).fill("@releasebot leb");
		const first = page.locator(".offer").first();
		await first.waitFor();
		const title = await first.locator("strong").textContent();
		await input(page).press("Enter");
		await page.locator(".message.out", { hasText: title }).locator(".via", { hasText: "@releasebot" }).waitFor();
	});

	test("what is sent in a forum's topic stays in it", async () => {
		const page = await open();
		await chat(page, "Press club");
		await page.locator(".topic", { hasText: "Lebanon" }).click();
		await input(page).fill("@releasebot leb");
		await page.locator(".offer").first().click();
		await page.locator(".message.out .via").waitFor();
		await page.locator(".topic", { hasText: "General" }).click();
		await page.locator(".message.out").waitFor({ state: "detached" });
	});
});

describe("links", () => {
	test("one to the bot opens the private chat with what it names", async () => {
		const page = await open();
		const question = (await state()).examples.en[1];
		await say(page, question, question);
		await key(page, "Share").click();
		await page.locator("dialog button", { hasText: "Newsroom" }).click();
		await page.waitForFunction(() => document.getElementById("input").value.startsWith("https://t.me/releasebot?start=q_"));
		await input(page).press("Enter");
		await page.locator(".message.out a").last().click();
		await page.locator("#title", { hasText: "Releasebot" }).waitFor();
		await page.locator(".message.out", { hasText: "/start q_" }).waitFor();
		await last(page).filter({ hasText: question }).waitFor();
	});
});

describe("hostile text", () => {
	const hostile = `<img src=x onerror="document.title='owned'"> <script>alert(1)</script> &lt;b&gt; https://example.com/"onmouseover=alert(1) javascript:alert(1) ${"W".repeat(400)} \u202Eabc שלום`;

	test("stays text, in the chat, in the list and in the panel", async () => {
		const page = await open();
		await say(page, hostile, "");
		assert.ok((await page.locator(".message.out .text").textContent()).includes("<img src=x"));
		assert.equal(await page.locator("#app img:not(.logo), #app script, #app [onerror], #app [onmouseover]").count(), 0);
		for (const href of await page.locator("#log a").evaluateAll((links) => links.map((link) => link.protocol))) {
			assert.match(href, /^https?:$/);
		}
		assert.ok(!(await page.title()).includes("owned"));
		await page.locator(".asked", { hasText: "<img src=x" }).waitFor();
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "the page scrolls sideways");
	});

	test("is answered without leaving its column", async () => {
		const page = await open();
		await chat(page, "Newsroom");
		await say(page, `/ask ${hostile}`, "");
		await last(page).hover();
		await last(page).locator(".tool").first().click();
		await input(page).fill("x");
		await input(page).press("Enter");
		await page.locator(".message.out .quoted").waitFor();
		assert.deepEqual(await page.evaluate(() => {
			const { left, right } = document.getElementById("log").getBoundingClientRect();
			return [...document.querySelectorAll(".bubble, .key, .quoted")].filter((box) => box.getBoundingClientRect().left < left || box.getBoundingClientRect().right > right).map((box) => box.textContent);
		}), []);
	});

	test("cannot be made markup even by mistake", async () => {
		const page = await open();
		assert.equal(await page.evaluate(() => {
			try {
				document.createElement("p").innerHTML = "<b>x</b>";
				return "taken";
			} catch (error) {
				return error.name;
			}
		}), "TypeError");
		complaints = complaints.filter((text) => !text.includes("TrustedHTML"));
	});
});

describe("the page", () => {
	test("is served with a strict policy", async () => {
		const policy = (await fetch(demo.url)).headers.get("Content-Security-Policy");
		assert.match(policy, /default-src 'none'/);
		assert.doesNotMatch(policy, /unsafe|\*|data:|https?:/);
	});

	test("moves the clock, and begins anew", async () => {
		const page = await open();
		await say(page, "/help", "");
		const time = async () => Date.parse(await page.locator("#clock").getAttribute("datetime"));
		const began = await time();
		await page.locator("#tomorrow").click();
		await page.waitForFunction((t) => Date.parse(document.getElementById("clock").dateTime) > t + 86_000_000, began);
		await page.locator(".day", { hasText: "Yesterday" }).waitFor();
		await page.locator("#reset").click();
		await page.locator("dialog .strong").click();
		await page.locator(".empty").waitFor();
		assert.ok(await time() < began + 60_000_000);
	});

	test("follows the language of the page and of the person", async () => {
		const page = await open();
		await page.locator("#language").click();
		await page.locator(".menu-item", { hasText: "Қазақша" }).click();
		await page.locator("#start", { hasText: "Бастау" }).waitFor();
		assert.equal(await page.evaluate(() => document.documentElement.lang), "kk");
		await page.locator("#lang").click();
		await page.locator(".menu-item", { hasText: "Русский" }).click();
		await page.locator(".examples button", { hasText: (await state()).examples.ru[1] }).waitFor();
	});

	test("says everything in each language", async () => {
		const texts = await Promise.all(["en", "ru", "kk"].map(async (lang) => (await import(`../page/js/words/${lang}.js`)).default));
		for (const other of texts.slice(1)) {
			assert.deepEqual(Object.keys(other).sort(), Object.keys(texts[0]).sort());
			for (const [key, text] of Object.entries(texts[0])) {
				const slots = (said) => [...new Set(JSON.stringify(said).match(/\{\w+\}/g))].sort();
				assert.deepEqual(slots(other[key]), slots(text), key);
			}
		}
	});

	test("can be used by keyboard alone", async () => {
		const page = await open();
		const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
		await page.locator("body").press("Tab");
		for (let i = 0; i < 40 && await focused() !== "skip"; i++) {
			await page.keyboard.press("Shift+Tab");
		}
		await page.keyboard.press("Enter"); // skips to the field
		await page.waitForFunction(() => document.activeElement.id === "input");
		await page.keyboard.type("lebanon");
		await page.keyboard.press("Enter");
		await last(page).locator(".key").first().waitFor();
		await page.keyboard.press("Shift+Tab"); // the commands
		for (let i = 0; i < 20 && !(await focused()).includes("key"); i++) {
			await page.keyboard.press("Shift+Tab");
		}
		await page.keyboard.press("Enter"); // the last button: none of these
		await last(page).filter({ hasText: "no answer" }).waitFor();
		assert.ok(await page.evaluate(() => document.activeElement.closest(".message") !== null), "the focus is lost when a button's message changes");
		await page.keyboard.press("ArrowUp");
		assert.ok((await focused()).includes("message out"));
	});

	test("loads little, and answers soon after the demo's start", async () => {
		const question = (await state()).examples.en[1];
		const took = [];
		for (let i = 0; i < 3; i++) {
			const page = await (await browser.newContext()).newPage(); // a browser that is open already
			page.setDefaultTimeout(patience);
			await page.waitForTimeout(1000); // a new tab keeps a processor busy for a while
			const began = performance.now();
			const another = await startDemo();
			await page.goto(`${another.url}/#as=John`);
			await say(page, question, question);
			took.push(Math.round(performance.now() - began));
			const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map((r) => [r.initiatorType, r.encodedBodySize]));
			const files = loaded.filter(([by]) => by !== "fetch");
			assert.ok(files.length < 30, `loads ${files.length} files`);
			assert.ok(files.reduce((sum, [, size]) => sum + size, 0) < 200_000, `loads ${files}`);
			await page.context().close();
			assert.equal(await another.stop(), 0);
		}
		console.log(`from start to the first answer: ${took.join(", ")} ms`); // under 2000 where nothing else runs
	});
});

describe("the curator's panel", () => {
	test("shows how a question was heard and where its answer stands", async () => {
		const page = await open();
		await say(page, "crjkmrj djtyys[ jnghfdzn d kbdfy", "120");
		const panel = page.locator("#panel");
		await panel.locator(".chips", { hasText: "Русский" }).filter({ hasText: "wrong keyboard layout" }).waitFor();
		await panel.locator(".outcome.answer").waitFor();
		await panel.locator(".ranking .chosen .file", { hasText: /pairs\.yaml:\d+/ }).waitFor();
	});

	test("takes the focus where it lies over the chat, and gives it back", async () => {
		const page = await open({ viewport: phone });
		await chat(page, "Releasebot");
		await page.locator("#panel-toggle").press("Enter");
		await page.locator("#panel-close:focus").waitFor();
		await page.keyboard.press("Escape");
		await page.locator("#panel-toggle:focus").waitFor();
		await page.locator("#panel").waitFor({ state: "hidden" });
	});

	test("shows what a saved file changes, and what is wrong with it", () => withOffice(async ({ url, pairs, written }) => {
		const page = await open({ url });
		await say(page, "When does the bridge open?", "On Sunday at noon.");
		await writeFile(pairs, written.replace("When does the bridge open?", "When will the bridge open?"));
		await page.locator(".changes", { hasText: "When will the bridge open?" }).waitFor();
		await writeFile(pairs, written.replace("- The new bridge over", "- No release says this of"));
		await page.locator(".stale").waitFor();
		await page.locator(".problems.errors", { hasText: "the quote is not in the release" }).waitFor();
		await say(page, "When does the bridge open?", "On Sunday at noon."); // the old content still answers
		await writeFile(pairs, written);
		await page.locator(".stale").waitFor({ state: "detached" });
	}));
});

describe("the press officer", () => {
	test("publishes a correction, and every copy is edited", () => withOffice(async ({ url, pairs, written }) => {
		const reader = await open({ url });
		await say(reader, "When does the bridge open?", "On Sunday at noon.");
		await chat(reader, "Newsroom");
		await input(reader).fill("@releasebot when does the bridge");
		await reader.locator(".offer", { hasText: "On Sunday at noon." }).click();
		await reader.locator(".message.out .via").waitFor();

		const officer = await open({ url, kept: true, as: "Dana" });
		await writeFile(pairs, written.replace("On Sunday at noon.", "On Monday at noon."));
		await last(officer).filter({ hasText: "Waits for your decision" }).waitFor();
		await key(officer, "Publish").click();
		await key(officer, "Yes, publish now").click();
		await last(officer).filter({ hasText: "Copies corrected: 2" }).waitFor();

		await reader.locator(".message.out", { hasText: "On Monday at noon." }).locator(".meta", { hasText: "edited" }).waitFor();
		await chat(reader, "Releasebot");
		await answers(reader).first().filter({ hasText: "On Monday at noon." }).locator(".meta", { hasText: "edited" }).waitFor();
	}));
});

describe("axe-core", () => {
	for (const [device, viewport] of [["desktop", desktop], ["phone", phone]]) {
		for (const colorScheme of ["light", "dark"]) {
			test(`finds nothing serious on a ${device}, ${colorScheme}`, async () => {
				const page = await open({ viewport, colorScheme, reducedMotion: "reduce" });
				await check(page);
				await chat(page, "Releasebot");
				await check(page);
				await say(page, "lebanon", "Which did you mean?");
				await last(page).locator(".key").first().click();
				await last(page).locator("blockquote").first().waitFor();
				await check(page);
				await input(page).fill("@releasebot leb");
				await page.locator(".offer").first().waitFor();
				await check(page);
				await input(page).fill("");
				if (device === "phone") {
					await page.locator("#panel-toggle").click();
					await check(page);
					await page.locator("#panel .round").click();
					await page.locator("#back").click();
				}
				await chat(page, "Press club");
				await check(page);
				await page.locator("#panel-toggle").focus();
				await check(page);
			});
		}
	}

	async function check(page) {
		await page.evaluate(axe);
		const { violations } = await page.evaluate(() => window.axe.run());
		const serious = violations.filter((violation) => ["serious", "critical"].includes(violation.impact));
		assert.deepEqual(serious.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => `${node.target}: ${node.failureSummary}`) })), []);
	}
});
