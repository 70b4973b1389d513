// Makes the README's pictures from the demo itself, into ../pictures: `./run shots`.
//
// desktop.webp and phone.webp are a real answer; story-1.webp and so on are a reader who asks, in a private chat, in a group and as
// she types.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { desktop, launch, patience, phone, startDemo } from "./demo.mjs";

const pictures = join(import.meta.dirname, "../pictures");
const [browser, demo] = await Promise.all([launch(), startDemo()]);
await mkdir(pictures, { recursive: true });

async function open(as, options) {
	const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce", ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(patience);
	await page.goto(`${demo.url}/#as=${as}`);
	await page.locator(".chat").first().waitFor();
	await page.evaluate(() => document.fonts.ready);
	return page;
}

async function ask(page, text) {
	await page.locator("#input").fill(text);
	await page.locator("#input").press("Enter");
	await page.locator(".message.out", { hasText: text }).waitFor();
	await page.locator(".message.out:last-child").waitFor({ state: "detached" });
	await page.waitForTimeout(300); // the panel
}

async function picture(page, name) {
	await page.mouse.move(0, 0); // a message that is pointed at shows its tools
	await page.screenshot({ path: join(pictures, `${name}.webp`), type: "webp", quality: 88 });
}

const reader = await open("John", { viewport: desktop, colorScheme: "light" });
await ask(reader, "how many soldeirs is kazakhstan sending to lebanon?");
await picture(reader, "desktop");

const pocket = await open("Ivan", { viewport: phone, colorScheme: "dark", locale: "ru-RU" });
await pocket.locator(".chat").first().click();
await ask(pocket, "когда они уедут в ливан?");
await picture(pocket, "phone");

const story = await open("Aida", { viewport: { width: 960, height: 720 }, colorScheme: "light" });
await picture(story, "story-1");
await story.locator(".examples button").nth(1).click();
await story.locator(".message.in blockquote").first().waitFor();
await picture(story, "story-2");
await story.locator(".chat-title", { hasText: "Press club" }).click();
await story.locator(".topic", { hasText: "Lebanon" }).click();
await ask(story, "/ask Ливанға қашан барады?");
await picture(story, "story-3");
await story.locator("#input").fill("@releasebot қашан");
await story.locator(".offer").first().waitFor();
await picture(story, "story-4");

await browser.close();
await demo.stop();
