-- The updates that replicas have handled or are at, so that no two answer one. taken is when a replica last began with it, or handled it.
create table updates (
	id      bigint primary key,
	taken   bigint not null,
	handled boolean not null default false
);

create index updates_taken on updates (taken);
