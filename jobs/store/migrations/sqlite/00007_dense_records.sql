-- +goose Up
-- PostgreSQL alone has something to change here; the versions of both stay the same.
SELECT 1;
