-- Which replica leads. beat counts up while it lives.
create table lease (
	holder text not null,
	beat   bigint not null
);

insert into lease (holder, beat) values ('', 0);
