"""0005: files made for people, mail and whom it goes to, and what comes round by itself.

A recipient is somebody the shop knows (`party` and `party_id`), whose address is read when the mail
goes out, or an address that was typed for one mail, which is kept encrypted. An address that wants
no more mail is kept as a seal alone. A schedule has a row once somebody has changed it, and one of
what has come of it (`schedule_run`) once it has run; `since` is from when on its times hold.
Moments are milliseconds UTC.
"""

from __future__ import annotations

NAME = "files and mail"

APPEND_ONLY: tuple[str, ...] = ()

SCHEMA = """
CREATE TABLE export (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    what TEXT NOT NULL,
    form TEXT NOT NULL,
    wish TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    job INTEGER,
    staff_id TEXT,
    file TEXT,
    row_count INTEGER,
    byte_count INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    asked_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE contact (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
) WITHOUT ROWID;

CREATE TABLE mail_template (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX mail_template_name ON mail_template (name) WHERE deleted_at IS NULL;

CREATE TABLE mail_refusal (
    seal TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE mail (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL DEFAULT '',
    attachments TEXT NOT NULL DEFAULT '[]',
    audience TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    turn INTEGER NOT NULL DEFAULT 1,
    staff_id TEXT,
    job INTEGER,
    asked_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX mail_about ON mail (about) WHERE about <> '';

CREATE TABLE mail_recipient (
    mail_id TEXT NOT NULL REFERENCES mail (id),
    no INTEGER NOT NULL,
    party TEXT NOT NULL,
    party_id TEXT,
    address BLOB,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    job INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (mail_id, no)
) WITHOUT ROWID;
CREATE INDEX mail_recipient_state ON mail_recipient (mail_id, state);
CREATE INDEX mail_recipient_waiting ON mail_recipient (mail_id, next_at, no)
    WHERE state = 'waiting';
CREATE INDEX mail_recipient_sending ON mail_recipient (mail_id, no) WHERE state = 'sending';
CREATE INDEX mail_recipient_unknown ON mail_recipient (mail_id, no) WHERE state = 'unknown';

CREATE TABLE schedule (
    name TEXT PRIMARY KEY,
    is_on INTEGER NOT NULL,
    cron TEXT NOT NULL,
    since INTEGER NOT NULL,
    recipients TEXT NOT NULL DEFAULT '[]',
    language TEXT NOT NULL,
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE schedule_run (
    name TEXT PRIMARY KEY,
    memory TEXT NOT NULL DEFAULT '{}',
    at INTEGER,
    is_good INTEGER NOT NULL DEFAULT 1,
    words TEXT NOT NULL DEFAULT '',
    job INTEGER
) WITHOUT ROWID
"""

SEARCH: tuple[str, ...] = ()
