------------------------------- MODULE gather --------------------------------
(***************************************************************************)
(* How Go gathers the items of a result stream into batches: a handler     *)
(* yields them, the goroutine that reads the ring brings credit, and what  *)
(* has gathered while the handler does something else is sent by a third.  *)
(*                                                                         *)
(* A step is one access to an atomic word, which is sequentially           *)
(* consistent in Go, or what is done under the sender's lock. What becomes *)
(* of batches and credit on the rings, module streams shows.               *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS
  ITEMS,       \* that the handler yields
  LIMIT,       \* items of a full batch
  WINDOW,      \* batches that may be on their way
  MUTANT       \* "none", or which step is broken

ASSUME {ITEMS, LIMIT, WINDOW} \subseteq Nat \ {0}

VARIABLES
  \* The sender, and what its lock guards
  locked, batch,
  \* Words of the stream that several goroutines use, and its channel
  credit, window, gathered, wake,
  \* The handler: where it is, the credit that it has seen, items that it has yielded, and whether there are no more
  pc, looked, yielded, last,
  \* The goroutine that reads the ring: where it is, and how many batches it brings credit for
  reads, brings,
  \* Goroutines that are to flush, and batches whose credit has not come back
  flushes, away

sender == <<locked, batch>>
handler == <<pc, looked, yielded, last>>
vars == <<sender, credit, window, gathered, wake, handler, reads, brings, flushes, away>>

Mutant(m) == MUTANT = m

-----------------------------------------------------------------------------
\* The handler: sender.add and send

At(where) == pc = where
Go(where) == pc' = where
HandlerRest == UNCHANGED <<window, reads, brings, flushes>>

Yield ==
  /\ At("idle") /\ ~locked /\ yielded < ITEMS /\ ~last
  /\ locked' = TRUE /\ batch' = batch + 1 /\ yielded' = yielded + 1 /\ Go("look")
  /\ UNCHANGED <<credit, gathered, wake, looked, last, away>> /\ HandlerRest
Look ==
  /\ At("look") /\ looked' = credit /\ Go("compare")
  /\ UNCHANGED <<sender, credit, gathered, wake, yielded, last, away>> /\ HandlerRest

\* While a batch is on its way, items gather: its credit will send them.
Compare ==
  /\ At("compare")
  /\ Go(IF batch < LIMIT /\ (looked = 0 \/ looked # window) THEN "gather" ELSE "begin")
  /\ UNCHANGED <<sender, credit, gathered, wake, looked, yielded, last, away>> /\ HandlerRest
Gather ==
  /\ At("gather") /\ gathered' = batch /\ Go(IF Mutant("no_recheck_credit") THEN "unlock" ELSE "recheck")
  /\ UNCHANGED <<sender, credit, wake, looked, yielded, last, away>> /\ HandlerRest

\* Credit that came between the look and the store has not seen that there is something to send.
Recheck ==
  /\ At("recheck") /\ Go(IF credit > 0 /\ credit = window THEN "begin" ELSE "unlock")
  /\ UNCHANGED <<sender, credit, gathered, wake, looked, yielded, last, away>> /\ HandlerRest

Begin ==
  /\ At("begin") /\ gathered' = 0 /\ Go("send")
  /\ UNCHANGED <<sender, credit, wake, looked, yielded, last, away>> /\ HandlerRest
Send ==
  /\ At("send")
  /\ IF batch = 0 THEN Go("unlock") /\ UNCHANGED <<sender, credit, away>>
     ELSE IF credit = 0 THEN Go("wait") /\ locked' = FALSE /\ UNCHANGED <<batch, credit, away>>
     ELSE credit' = credit - 1 /\ batch' = 0 /\ away' = away + 1 /\ UNCHANGED <<locked, pc>>
  /\ UNCHANGED <<gathered, wake, looked, yielded, last>> /\ HandlerRest
Wait ==
  /\ At("wait") /\ wake /\ wake' = FALSE /\ Go("lock")
  /\ UNCHANGED <<sender, credit, gathered, looked, yielded, last, away>> /\ HandlerRest
Lock ==
  /\ At("lock") /\ ~locked /\ locked' = TRUE /\ Go("send")
  /\ UNCHANGED <<batch, credit, gathered, wake, looked, yielded, last, away>> /\ HandlerRest
Unlock ==
  /\ At("unlock") /\ locked' = FALSE /\ Go(IF last THEN "done" ELSE "idle")
  /\ UNCHANGED <<batch, credit, gathered, wake, looked, yielded, last, away>> /\ HandlerRest

\* sendRest, behind the last item. Then the completion is sent.
Rest ==
  /\ At("idle") /\ ~locked /\ locked' = TRUE /\ last' = TRUE
  /\ Go(IF Mutant("rest_left") THEN "unlock" ELSE "begin")
  /\ UNCHANGED <<batch, credit, gathered, wake, looked, yielded, away>> /\ HandlerRest

-----------------------------------------------------------------------------
\* The goroutine that reads the ring: server.onStream

ReaderRest == UNCHANGED <<sender, gathered, handler>>

\* The first CREDIT says the window.
Credit ==
  /\ reads = "ring" /\ (window = 0 \/ away > 0)
  /\ IF window = 0 THEN window' = WINDOW /\ brings' = WINDOW /\ UNCHANGED away
     ELSE away' = away - 1 /\ brings' = 1 /\ UNCHANGED window
  /\ reads' = IF Mutant("flush_before_credit") THEN "flush" ELSE "add"
  /\ UNCHANGED <<credit, wake, flushes>> /\ ReaderRest
Add ==
  /\ reads = "add" /\ credit' = credit + brings /\ reads' = "notify"
  /\ UNCHANGED <<window, wake, brings, flushes, away>> /\ ReaderRest
Notify ==
  /\ reads = "notify" /\ wake' = ~Mutant("credit_in_silence")
  /\ reads' = IF Mutant("flush_before_credit") THEN "ring" ELSE "flush"
  /\ UNCHANGED <<credit, window, brings, flushes, away>> /\ ReaderRest
StartFlush ==
  /\ reads = "flush" /\ flushes' = flushes + (IF gathered > 0 THEN 1 ELSE 0)
  /\ reads' = IF Mutant("flush_before_credit") THEN "add" ELSE "ring"
  /\ UNCHANGED <<credit, window, wake, brings, away>> /\ ReaderRest

\* sender.flushGathered, all of it under the lock.
Flush ==
  /\ flushes > 0 /\ ~locked /\ flushes' = flushes - 1
  /\ IF batch = 0 \/ credit = 0 THEN UNCHANGED <<batch, credit, gathered, away>>
     ELSE gathered' = 0 /\ credit' = credit - 1 /\ batch' = 0 /\ away' = away + 1
  /\ UNCHANGED <<locked, window, wake, handler, reads, brings>>

-----------------------------------------------------------------------------

\* The one way to stand still: all items were sent, and their credit has come back.
Finished == pc = "done" /\ away = 0 /\ reads = "ring" /\ flushes = 0 /\ UNCHANGED vars

Init ==
  /\ locked = FALSE /\ batch = 0
  /\ credit = 0 /\ window = 0 /\ gathered = 0 /\ wake = FALSE
  /\ pc = "idle" /\ looked = 0 /\ yielded = 0 /\ last = FALSE
  /\ reads = "ring" /\ brings = 0 /\ flushes = 0 /\ away = 0

Must == \/ Look \/ Compare \/ Gather \/ Recheck \/ Begin \/ Send \/ Wait \/ Lock \/ Unlock
        \/ Credit \/ Add \/ Notify \/ StartFlush \/ Flush
Next == Must \/ Yield \/ Rest \/ Finished

\* A handler may take any time before its next item; the other side reads on.
Spec == Init /\ [][Next]_vars /\ WF_vars(Must)

-----------------------------------------------------------------------------
\* What must hold

TypeOK == credit \in 0 .. WINDOW /\ window \in {0, WINDOW} /\ batch \in 0 .. LIMIT /\ gathered \in 0 .. LIMIT

\* Nothing that was sent is beyond the window.
Bounded == credit + away <= WINDOW

\* Items that have gathered do not wait for the next one: whoever sends them is about to.
NoneLeft == (pc = "idle" /\ reads = "ring" /\ window # 0 /\ away = 0 /\ flushes = 0) => batch = 0

\* Everything was sent before the completion.
AllSent == pc = "done" => batch = 0

\* An item that was yielded is sent, however long the next one takes.
Sent == (batch > 0) ~> (batch = 0)
=============================================================================
