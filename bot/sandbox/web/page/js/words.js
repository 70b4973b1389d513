// What the page itself says, in three languages. What the bot says comes from the bot.

const words = {
	en: {
		you: "You", skip: "Skip to the message field", demo: "demo", you_are: "You are", chats: "Chats", messages: "Messages",
		page_language: "Language of the page", theme_auto: "Theme: as the system", theme_light: "Theme: light", theme_dark: "Theme: dark",
		plus_minutes: "+10 min", plus_day: "+1 day", clock_on: "Move the clock on", reset: "Reset", reset_title: "Begin a new world",
		reset_ask: "Begin a new world?", reset_body: "All chats are emptied and the clock goes back.", back: "Back to the chats",
		chat_menu: "Menu of the chat", panel: "How it was understood", topics: "Topics", to_end: "To the newest message",
		offers: "Suggestions", cancel: "Cancel", commands: "Commands", message: "Message", write: "Message", send: "Send", start: "Start",
		reader: "reader", officer: "press officer", app_language: "{name}'s language", bot: "bot", typing: "typing…",
		members: { one: "{n} member", other: "{n} members" }, subscribers: { one: "{n} subscriber", other: "{n} subscribers" },
		admin: "admin", owner: "owner", general: "General", new_topic: "New topic", topic_name: "Name of the topic", create: "Create",
		bot_in: "Add the bot", bot_out: "Remove the bot", share_to: "Send to…", edited: "edited", via: "via {name}", reply: "Reply", edit: "Edit",
		why: "How was it understood?", copy: "Copy text", copied: "Copied", copy_yourself: "Copy this text", ok: "OK",
		more_text: "Show more", less_text: "Show less", editing: "Editing", answering: "Reply to {name}", deleted: "Deleted message",
		came: "{name} joined the group", went: "{name} left the group", topic_opened: "{by} opened the topic “{topic}”", topic_closed: "The topic was closed",
		topic_reopened: "The topic was reopened", upgraded: "The group became a supergroup", today: "Today", yesterday: "Yesterday",
		channel_closed: "Only administrators write in this channel.", inline_hint: "Ask right here", inline_wait: "Searching…", inline_none: "Nothing found",
		empty_title: "What can this bot do?", empty_body: "Press Start, or ask at once, for example:", empty_chat: "No messages here yet",
		lost: "The connection is lost. Is the demo still running?", gone: "That message is not here.", unread: { one: "{n} new message", other: "{n} new messages" },
		opens: "opens a page", copies: "copies a text", inlines: "writes to a chat",
		last_question: "Last question", nothing_asked: "Ask something, and see here how it was understood.", heard: "Heard",
		"as typed": "as typed", "keyboard layout": "wrong keyboard layout", transliteration: "Latin letters", unsure: "language unsure",
		taken_for: "{from} taken for {to}", outcome: "Reply", answer: "Answer", suggest: "Did you mean", gap: "The release does not say", none: "Nothing close",
		confidence: "Confidence", threshold_answer: "answers from {n}", threshold_suggest: "suggests from {n}", nearest: "Nearest", is_gap: "gap",
		content: "Content", built_in: "Built in. Start with --content DIR to work on files: what you save shows here at once.",
		watched: "Watching {folder}", counts: "Answers: {pairs}, gaps: {gaps}, releases: {releases}", stale: "The files cannot be used. The bot keeps the last good content.",
		no_problems: "No problems", errors: "Errors", warnings: "Warnings", saved: "Saved just now", new: "new", changed: "changed", removed: "removed", close: "Close",
	},
	ru: {
		you: "Вы", skip: "К полю сообщения", demo: "демо", you_are: "Вы —", chats: "Чаты", messages: "Сообщения",
		page_language: "Язык страницы", theme_auto: "Тема: как в системе", theme_light: "Тема: светлая", theme_dark: "Тема: тёмная",
		plus_minutes: "+10 мин", plus_day: "+1 день", clock_on: "Перевести часы вперёд", reset: "Сброс", reset_title: "Начать новый мир",
		reset_ask: "Начать новый мир?", reset_body: "Все чаты опустеют, а часы вернутся назад.", back: "К чатам",
		chat_menu: "Меню чата", panel: "Как вопрос был понят", topics: "Темы", to_end: "К последнему сообщению",
		offers: "Подсказки", cancel: "Отмена", commands: "Команды", message: "Сообщение", write: "Сообщение", send: "Отправить", start: "Старт",
		reader: "читатель", officer: "пресс-служба", app_language: "Язык: {name}", bot: "бот", typing: "печатает…",
		members: { one: "{n} участник", few: "{n} участника", many: "{n} участников", other: "{n} участника" },
		subscribers: { one: "{n} подписчик", few: "{n} подписчика", many: "{n} подписчиков", other: "{n} подписчика" },
		admin: "админ", owner: "владелец", general: "Общее", new_topic: "Новая тема", topic_name: "Название темы", create: "Создать",
		bot_in: "Добавить бота", bot_out: "Удалить бота", share_to: "Отправить в…", edited: "изменено", via: "через {name}", reply: "Ответить", edit: "Изменить",
		why: "Как это было понято?", copy: "Копировать текст", copied: "Скопировано", copy_yourself: "Скопируйте этот текст", ok: "ОК",
		more_text: "Показать ещё", less_text: "Свернуть", editing: "Изменение", answering: "Ответ: {name}", deleted: "Удалённое сообщение",
		came: "{name} теперь в группе", went: "{name} больше не в группе", topic_opened: "{by}: новая тема «{topic}»", topic_closed: "Тема закрыта",
		topic_reopened: "Тема снова открыта", upgraded: "Группа стала супергруппой", today: "Сегодня", yesterday: "Вчера",
		channel_closed: "В этом канале пишут только администраторы.", inline_hint: "Спросить прямо здесь", inline_wait: "Поиск…", inline_none: "Ничего не найдено",
		empty_title: "Что умеет этот бот?", empty_body: "Нажмите «Старт» или сразу спросите, например:", empty_chat: "Здесь пока нет сообщений",
		lost: "Связь потеряна. Демо ещё работает?", gone: "Этого сообщения здесь нет.",
		unread: { one: "{n} новое сообщение", few: "{n} новых сообщения", many: "{n} новых сообщений", other: "{n} нового сообщения" },
		opens: "открывает страницу", copies: "копирует текст", inlines: "пишет в чат",
		last_question: "Последний вопрос", nothing_asked: "Спросите что-нибудь, и здесь будет видно, как это было понято.", heard: "Услышано",
		"as typed": "как набрано", "keyboard layout": "не та раскладка", transliteration: "латиницей", unsure: "язык неясен",
		taken_for: "{from} понято как {to}", outcome: "Ответ", answer: "Ответ", suggest: "Вы имели в виду", gap: "В релизе этого нет", none: "Ничего близкого",
		confidence: "Уверенность", threshold_answer: "отвечает от {n}", threshold_suggest: "предлагает от {n}", nearest: "Ближайшие", is_gap: "пробел",
		content: "Содержание", built_in: "Встроенное. Запустите с --content ПАПКА, чтобы работать с файлами: сохранённое сразу видно здесь.",
		watched: "Папка {folder}", counts: "Ответов: {pairs}, пробелов: {gaps}, релизов: {releases}", stale: "Файлы нельзя использовать. Бот отвечает по последнему верному содержанию.",
		no_problems: "Замечаний нет", errors: "Ошибки", warnings: "Предупреждения", saved: "Только что сохранено", new: "новый", changed: "изменён", removed: "удалён", close: "Закрыть",
	},
	kk: {
		you: "Сіз", skip: "Хабарлама өрісіне өту", demo: "демо", you_are: "Сіз —", chats: "Чаттар", messages: "Хабарламалар",
		page_language: "Беттің тілі", theme_auto: "Тақырып: жүйедегідей", theme_light: "Тақырып: ашық", theme_dark: "Тақырып: күңгірт",
		plus_minutes: "+10 мин", plus_day: "+1 күн", clock_on: "Сағатты алға жылжыту", reset: "Қайта бастау", reset_title: "Жаңа әлем бастау",
		reset_ask: "Жаңа әлем басталсын ба?", reset_body: "Барлық чат тазарады, сағат бастапқы қалпына келеді.", back: "Чаттарға оралу",
		chat_menu: "Чат мәзірі", panel: "Сұрақ қалай түсінілді", topics: "Тақырыптар", to_end: "Соңғы хабарламаға",
		offers: "Ұсыныстар", cancel: "Болдырмау", commands: "Командалар", message: "Хабарлама", write: "Хабарлама", send: "Жіберу", start: "Бастау",
		reader: "оқырман", officer: "баспасөз қызметі", app_language: "{name}: тілі", bot: "бот", typing: "жазып жатыр…",
		members: { one: "{n} мүше", other: "{n} мүше" }, subscribers: { one: "{n} жазылушы", other: "{n} жазылушы" },
		admin: "әкімші", owner: "иесі", general: "Жалпы", new_topic: "Жаңа тақырып", topic_name: "Тақырыптың атауы", create: "Құру",
		bot_in: "Ботты қосу", bot_out: "Ботты шығару", share_to: "Қайда жіберу керек?", edited: "өзгертілген", via: "{name} арқылы", reply: "Жауап беру", edit: "Өзгерту",
		why: "Бұл қалай түсінілді?", copy: "Мәтінді көшіру", copied: "Көшірілді", copy_yourself: "Осы мәтінді көшіріп алыңыз", ok: "Жарайды",
		more_text: "Толығырақ", less_text: "Жинау", editing: "Өзгерту", answering: "Жауап: {name}", deleted: "Жойылған хабарлама",
		came: "{name} топқа қосылды", went: "{name} топтан шықты", topic_opened: "{by} «{topic}» тақырыбын ашты", topic_closed: "Тақырып жабылды",
		topic_reopened: "Тақырып қайта ашылды", upgraded: "Топ супертопқа айналды", today: "Бүгін", yesterday: "Кеше",
		channel_closed: "Бұл арнаға тек әкімшілер жазады.", inline_hint: "Осы жерде сұрау", inline_wait: "Ізделуде…", inline_none: "Ештеңе табылмады",
		empty_title: "Бұл бот не істей алады?", empty_body: "«Бастау» түймесін басыңыз немесе бірден сұраңыз, мысалы:", empty_chat: "Мұнда әзірге хабарлама жоқ",
		lost: "Байланыс үзілді. Демо әлі жұмыс істеп тұр ма?", gone: "Ол хабарлама мұнда жоқ.", unread: { one: "{n} жаңа хабарлама", other: "{n} жаңа хабарлама" },
		opens: "бет ашады", copies: "мәтінді көшіреді", inlines: "чатқа жазады",
		last_question: "Соңғы сұрақ", nothing_asked: "Бірдеңе сұраңыз, оның қалай түсінілгені осында көрінеді.", heard: "Естілгені",
		"as typed": "терілгендей", "keyboard layout": "басқа пернетақта", transliteration: "латын әрпімен", unsure: "тілі белгісіз",
		taken_for: "{from} — {to} деп түсінілді", outcome: "Жауап", answer: "Жауап", suggest: "Мынаны айттыңыз ба", gap: "Релизде бұл айтылмаған", none: "Жақын ештеңе жоқ",
		confidence: "Сенімділік", threshold_answer: "{n} бастап жауап береді", threshold_suggest: "{n} бастап ұсынады", nearest: "Ең жақындары", is_gap: "олқылық",
		content: "Мазмұн", built_in: "Ішіне салынған. Файлдармен жұмыс істеу үшін --content ҚАЛТА деп іске қосыңыз: сақталғаны осында бірден көрінеді.",
		watched: "{folder} қалтасы", counts: "Жауап: {pairs}, олқылық: {gaps}, релиз: {releases}", stale: "Файлдарды пайдалану мүмкін емес. Бот соңғы дұрыс мазмұнмен жауап береді.",
		no_problems: "Ескерту жоқ", errors: "Қателер", warnings: "Ескертулер", saved: "Жаңа ғана сақталды", new: "жаңа", changed: "өзгерген", removed: "жойылған", close: "Жабу",
	},
};

export const languages = { en: "English", ru: "Русский", kk: "Қазақша" };

let lang = localStorage.getItem("language") ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in words) ?? "en";

export const language = () => lang;

export function setLanguage(chosen) {
	lang = chosen;
	localStorage.setItem("language", chosen);
}

// t is a text with its {slots} filled. Of one that counts, slots.n chooses the form.
export function t(key, slots = {}) {
	let text = words[lang][key] ?? key;
	if (typeof text === "object") {
		text = text[new Intl.PluralRules(lang).select(slots.n)] ?? text.other;
	}
	return text.replace(/\{(\w+)\}/g, (_, name) => slots[name]);
}

// label fills what the page's own elements say: data-t is a text, data-t-label a label, data-t-title a tooltip.
export function label(root) {
	document.documentElement.lang = lang;
	for (const element of root.querySelectorAll("[data-t]")) {
		element.textContent = t(element.dataset.t);
	}
	for (const element of root.querySelectorAll("[data-t-label]")) {
		element.setAttribute("aria-label", t(element.dataset.tLabel));
		if (element.localName === "button") {
			element.title = t(element.dataset.tLabel);
		}
	}
	for (const element of root.querySelectorAll("[data-t-title]")) {
		element.title = t(element.dataset.tTitle);
	}
}

// languageName is the name of a language in itself.
export function languageName(code) {
	return languages[code] ?? code;
}

// A day in British order: that of the other two languages.
const locale = () => lang === "en" ? "en-GB" : lang;

export function clock(date) {
	return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
}

export function day(date, now) {
	const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
	if (days === 0) {
		return t("today");
	}
	if (days === 1) {
		return t("yesterday");
	}
	const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
	return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", year }).format(date);
}

export function midnight(date) {
	return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export function moment(date) {
	return new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
}
