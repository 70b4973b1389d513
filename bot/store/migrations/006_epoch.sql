-- Grows by one each time another replica begins to lead.
alter table lease add column epoch bigint not null default 0;
