-- PostgreSQL's image makes `app` itself, and runs this at its first start.
CREATE DATABASE provider;
CREATE DATABASE recorder;
