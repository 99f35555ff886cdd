-- What the author of an operation had seen of its record. A chain of operations, none answered before
-- the next was written, was written over what stood at its beginning: its later links are judged by
-- that, not by the revisions that its earlier ones became here. Null: given before this was kept.
alter table fieldapp.op_receipt add column seen_rev bigint;
