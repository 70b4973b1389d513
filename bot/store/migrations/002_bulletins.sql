-- The last number given to what is kept in the order of its coming: subscriptions and bulletins.
create table numbers (last integer not null);

insert into numbers (last) values (0);

-- Who hears of what. seq is the order of delivery, and stays when a group's id changes.
-- topics and follows hold ids with a space before and behind each; no topics are all of them.
create table subscriptions (
	seq         integer primary key,
	chat        bigint not null,
	thread      bigint not null default 0,
	lang        text not null default '',
	topics      text not null default '',
	follows     text not null default '',
	releases    boolean not null default false,
	answers     boolean not null default false,
	corrections boolean not null default false,
	digest      boolean not null default false,
	hour        integer not null default 0,
	zone        text not null default '',
	dead        boolean not null default false,
	unique (chat, thread)
);

-- What has been published, or dismissed as not worth a bulletin. A release's own row has no pair.
create table known (
	release  text not null,
	pair     text not null,
	topic    text not null,
	revision text not null,
	primary key (release, pair)
);

-- progress is the last subscription that has been seen to, final the last one that is to be.
create table bulletins (
	id       integer primary key,
	kind     text not null,
	release  text not null,
	items    text not null,
	state    text not null,
	created  bigint not null,
	starts   bigint not null default 0,
	started  bigint not null default 0,
	ended    bigint not null default 0,
	progress integer not null default 0,
	final    integer not null default 0,
	sent     integer not null default 0,
	edited   integer not null default 0
);

create unique index bulletins_pending on bulletins (kind, release) where state = 'pending';

-- What subscriptions behind a bulletin's progress have not got yet: the few that are being sent to,
-- those to try again, digests that wait for their hour, and, due at no time, those given up.
create table owed (
	seq      integer not null references subscriptions (seq) on delete cascade,
	bulletin integer not null references bulletins (id) on delete cascade,
	due      bigint,
	attempts integer not null default 0,
	reason   text not null default '',
	primary key (seq, bulletin)
);

create index owed_due on owed (due);
