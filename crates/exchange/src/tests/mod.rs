//! Tests of the rules as a whole: stories, tables, and a machine that does anything in any order.

mod asking;
mod centre;
mod chat;
mod colleagues;
mod commands;
mod context;
mod days;
mod floor;
mod follower;
mod journal;
mod lines;
mod machine;
mod matching;
mod offers;
mod parking;
mod presence;
mod presence_recount;
mod presence_table;
mod reassign;
mod recount;
mod refusals;
mod rounds;
mod rules;
mod scale;
mod scope;
mod seats;
mod sessions;
mod sign_out;
mod statistics;
mod supervision;
mod targets;
mod transfers;
mod voice;
mod waiting;
mod wrap_up;

use centre::{Centre, conversation, offer, participant, queue, session, user};
