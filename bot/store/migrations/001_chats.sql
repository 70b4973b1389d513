create table chats (
	id       bigint primary key,
	lang     text not null default '',
	commands text not null default 'everyone',
	brief    boolean not null default false
);

-- The ledger: which message of the bot's answers which question with what.
-- question is the message that asked; pair is empty where the bot did not answer.
-- A message sent in inline mode is known by its inline id alone.
create table ledger (
	chat     bigint not null,
	message  bigint not null,
	inline   text not null default '',
	thread   bigint not null default 0,
	question bigint not null default 0,
	pair     text not null default '',
	revision text not null default '',
	lang     text not null default '',
	sent     bigint not null,
	primary key (chat, message, inline)
);

create index ledger_question on ledger (chat, question);

create index ledger_pair on ledger (pair, chat, message);

create index ledger_sent on ledger (sent);
