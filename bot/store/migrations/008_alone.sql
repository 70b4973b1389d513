alter table chats add column alone boolean not null default false;
