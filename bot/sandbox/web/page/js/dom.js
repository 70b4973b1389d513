// Building elements. Text reaches the page as text nodes alone, so nothing that anybody writes can become markup.

export const $ = (id) => document.getElementById(id);

// h makes an element. A function is a listener of the event that it is named for (onclick), true and false are attributes with
// and without a value; anything else is an attribute's value.
export function h(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") {
			element.addEventListener(name.slice(2), value);
		} else if (value === true) {
			element.setAttribute(name, "");
		} else if (value !== false && value !== undefined && value !== null) {
			element.setAttribute(name, value);
		}
	}
	element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
	return element;
}

// pressables selects what can be pressed.
export const pressables = "button, a, [role=button]";

// replace puts a new element in the place of an old one, and the focus where it was: on the same button if it is still there.
export function replace(old, node) {
	const held = old.contains(document.activeElement) ? document.activeElement : null;
	const buttons = (root) => [...root.querySelectorAll(pressables)];
	const text = held?.textContent;
	const at = held ? buttons(old).indexOf(held) : -1;
	old.replaceWith(node);
	if (held) {
		const same = buttons(node)[at];
		(same?.textContent === text ? same : node).focus({ preventScroll: true });
	}
}

const paths = {
	back: "M15 5l-7 7 7 7",
	bot: "M12 4v3M7 7h10a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3v-6a3 3 0 0 1 3-3zM9 12v2M15 12v2",
	check: "M5 13l4.500 4.500L19 7",
	clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.500V12l3 2",
	close: "M6 6l12 12M18 6L6 18",
	copy: "M9 9h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2zM15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h3",
	down: "M6 9.500l6 6 6-6",
	edit: "M5 19l1-4L16.500 4.500a2 2 0 0 1 3 3L9 18zM14.500 6.500l3 3",
	forum: "M4 6a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H9l-5 3.500zM19 9h0a1.500 1.500 0 0 1 1.500 1.500V20L16 17h-4",
	group: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 19.500c.6-3.600 3-5.500 6.500-5.500s5.900 1.900 6.500 5.500M16 4.500a3.300 3.300 0 0 1 0 6M18 14.500c2 .8 3.200 2.500 3.500 5",
	channel: "M4 10v4a1 1 0 0 0 1 1h2l9 4.500V4.500L7 9H5a1 1 0 0 0-1 1zM19 9.500a4 4 0 0 1 0 5M8 15.500l1 4.500",
	inline: "M15.500 12a3.500 3.500 0 1 1-7 0 3.500 3.500 0 0 1 7 0zM15.500 8.500V13a2.500 2.500 0 0 0 5 0v-1a8.500 8.500 0 1 0-3.400 6.800",
	language: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3.500 12h17M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
	link: "M8 16L17 7M9 7h8v8",
	moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
	more: "M12 6h0M12 12h0M12 18h0",
	panel: "M4 20V10M10 20V4M16 20v-7M21 20H3",
	reply: "M10 7L4.500 12l5.500 5M5 12h8c4 0 6 2 6.500 6",
	send: "M4 12l16-8-5 17-4-7.500zM11 13.500L20 4",
	slash: "M15 5L9 19",
	sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
	auto: "M5 5h14a1.500 1.500 0 0 1 1.500 1.500v8A1.500 1.500 0 0 1 19 16H5a1.500 1.500 0 0 1-1.500-1.500v-8A1.500 1.500 0 0 1 5 5zM12 16v4M8.500 20h7",
	warning: "M12 4L2.500 20h19zM12 10v4.500M12 17.300v0",
};

// icon draws one of the page's icons. It says nothing to a screen reader: what it stands on has a label.
export function icon(name) {
	const space = "http://www.w3.org/2000/svg";
	const svg = document.createElementNS(space, "svg");
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("aria-hidden", "true");
	svg.classList.add("icon", `icon-${name}`);
	const path = document.createElementNS(space, "path");
	path.setAttribute("d", paths[name]);
	svg.append(path);
	return svg;
}

const colours = 7;

// avatar is a circle with the first letter of a name, or an icon, in a colour of the id's own.
export function avatar(name, id, symbol) {
	return h("span", { class: `avatar tone-${Math.abs(id) % colours}`, "aria-hidden": "true" },
		symbol ? icon(symbol) : [...name][0].toUpperCase());
}
