-- One message may show several answers, as a digest does: each is a part of it, counted from 0.
-- pair is the key of what the part shows, which for a release's own words is none of a pair's.
create table parts (
	chat     bigint not null,
	message  bigint not null,
	inline   text not null default '',
	part     integer not null default 0,
	thread   bigint not null default 0,
	question bigint not null default 0,
	pair     text not null default '',
	revision text not null default '',
	lang     text not null default '',
	sent     bigint not null,
	primary key (chat, message, inline, part)
);

insert into parts (chat, message, inline, thread, question, pair, revision, lang, sent)
select chat, message, inline, thread, question, pair, revision, lang, sent from ledger;

drop table ledger;

alter table parts rename to ledger;

create index ledger_question on ledger (chat, question);

-- What a correction looks for: the parts that show another revision of a pair.
create index ledger_pair on ledger (pair, revision, chat, message, inline, part);

create index ledger_sent on ledger (sent);

-- Copies that Telegram does not let the bot correct any more.
alter table bulletins add column missed integer not null default 0;
