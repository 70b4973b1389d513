-- Whether who asks in a group is the only one who sees the answer.
alter table chats add column alone boolean not null default false;
