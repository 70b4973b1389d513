// Makes the README's pictures from the demo itself, into ../pictures: `./run shots`.
//
// desktop.png and phone.png are a real answer; story.webp shows a question, an answer in a group and one as somebody types.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { desktop, launch, phone, startDemo } from "./demo.mjs";

const pictures = join(import.meta.dirname, "../pictures");
const [browser, demo] = await Promise.all([launch(), startDemo()]);
await mkdir(pictures, { recursive: true });

async function open(as, options) {
	const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce", ...options });
	const page = await context.newPage();
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
	await page.screenshot({ path: join(pictures, name) });
}

const reader = await open("John", { viewport: desktop, colorScheme: "light" });
await ask(reader, "how many soldeirs is kazakhstan sending to lebanon?");
await picture(reader, "desktop.png");

const pocket = await open("Ivan", { viewport: phone, colorScheme: "dark" });
await pocket.locator(".chat").first().click();
await ask(pocket, "когда они уедут в ливан?");
await picture(pocket, "phone.png");

// The story: stills in an order, joined to an animation by the browser's own encoder.
const story = await open("Aida", { viewport: { width: 960, height: 600 }, colorScheme: "light" });
const stills = [];
const still = async () => { stills.push((await story.screenshot({ type: "webp", quality: 70 }).catch(() => story.screenshot())).toString("base64")); };
await still();
await story.locator(".examples button").nth(1).click();
await story.locator(".message.in blockquote").first().waitFor();
await still();
await story.locator(".chat-title", { hasText: "Press club" }).click();
await story.locator(".topic", { hasText: "Lebanon" }).click();
await ask(story, "/ask Ливанға қашан барады?");
await still();
await story.locator("#input").fill("@releasebot ливан");
await story.locator(".offer").first().waitFor();
await still();
for (const [i, data] of stills.entries()) {
	await writeFile(join(pictures, `story-${i + 1}.png`), Buffer.from(data, "base64"));
}

await browser.close();
await demo.stop();
