-- The updates that came by webhook, so that no two replicas answer one. taken is when a replica last began with it.
create table updates (
	id      bigint primary key,
	taken   bigint not null,
	handled boolean not null default false
);

create index updates_taken on updates (taken);
