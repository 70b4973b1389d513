-- settled tells that what was there at the first start counts as known.
alter table numbers add column settled boolean not null default false;

-- What a pair told people when it was published, in the bot's own notation: a correction shows it beside what is true now.
alter table known add column content text not null default '';

-- A bulletin in a channel has no buttons for its administrators, since every reader would see them.
alter table subscriptions add column channel boolean not null default false;

-- The administrators' messages about bulletins, which follow what becomes of them.
create table cards (
	bulletin integer not null,
	chat     bigint not null,
	message  bigint not null,
	lang     text not null,
	primary key (bulletin, chat)
);
