-- Roles and database of Công Văn; run once as a superuser, then set the passwords (\password congvan_app …).
create role congvan_owner login nosuperuser nocreatedb nocreaterole nobypassrls;
create role congvan_app login nosuperuser nocreatedb nocreaterole nobypassrls;
create role congvan_hub login nosuperuser nocreatedb nocreaterole nobypassrls;
create database congvan owner congvan_owner encoding 'UTF8' template template0
  locale 'C' locale_provider builtin builtin_locale 'C.UTF-8';
revoke all on database congvan from public;
grant connect on database congvan to congvan_app, congvan_hub;
