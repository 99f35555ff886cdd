-- A laptop restored from its backup goes on as its replica's next incarnation (formats, Rules): the
-- numbers of its operations begin anew, and with them what has arrived and what has settled.
grant update (incarnation, settled_seq) on fieldapp.replica to fieldapp_sync;
