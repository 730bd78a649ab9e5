------------------------------- MODULE streams -------------------------------
(***************************************************************************)
(* The streams of one call: batches in either direction or both, credit,   *)
(* the end, and giving up from either side.                                *)
(*                                                                         *)
(* Rings are queues, as in module calls, and the call has been admitted:   *)
(* of hand-shake 3 there is how many places a stream reserves. A step of   *)
(* Node is one turn of JavaScript or one entry of a drain.                 *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  INCOMING,    \* batches of the result stream, 0 if there is none
  OUTGOING,    \* batches of the argument stream, 0 if there is none
  WINDOW,      \* batches that may be on their way in one direction, if there are places: 4 in code
  TO_GO,       \* entries in ring toGo
  TO_NODE,     \* entries in ring toNode
  LOOPS,       \* whether the reader's loop awaits a call of its own for each batch
  GIVES_UP,    \* whether the reader may leave, at any time
  RETURNS,     \* whether the handler may return early, while goroutines of its own still read its stream
  DEATH,       \* whether either side may die, at any step
  MUTANT       \* "none", or which step is broken

ASSUME {INCOMING, OUTGOING} \subseteq Nat /\ INCOMING + OUTGOING > 0 /\ {WINDOW, TO_GO, TO_NODE} \subseteq Nat \ {0}
       /\ {LOOPS, GIVES_UP, RETURNS, DEATH} \subseteq BOOLEAN

VARIABLES
  \* Node
  slot,        \* the call is in flight
  reader,      \* "reads", "left", "end"
  settles,     \* how often the call was settled
  begun,       \* batches of the result stream that the reader has begun
  batches,     \* those that have come and were not begun
  source,      \* of the argument stream: "open", "ended", "stopped"
  credit,      \* batches that it may send
  sent,        \* batches that it has sent
  bodies,      \* of those, whose memory is taken
  stalled,     \* a batch waits for room in ring toGo
  posts,       \* CREDIT, END and CANCEL that wait for room
  aside,       \* the call that the loop awaits: "none", "queued", "flight"
  heard,       \* something has happened for which what waits is looked at again
  seen,        \* entries of toNode that were read and not yet released
  fault,       \* what no honest end does: an entry for a call that is not in flight, a body freed twice, items out of order
  \* The region
  toGo, toNode, space,
  \* Go
  handler,     \* "none", "runs", "returned", "completed"
  taken,       \* entries of toGo that were read and not yet released
  granted,     \* batches that the result stream may send
  yielded,     \* batches that it has sent
  arrived,     \* batches of the argument stream that were not read
  ended,       \* its END has come
  taking,      \* what a goroutine does that reads it: "nothing", "decodes", "credits"
  given,       \* which batch was taken last
  cancelled,   \* the handler's context has ended
  answers,     \* the handler of the loop's call runs
  nodealive, goalive

nodevars == <<slot, reader, settles, begun, batches, source, credit, sent, bodies, stalled, posts, aside, heard, seen>>
govars == <<handler, taken, granted, yielded, arrived, ended, taking, given, cancelled, answers>>
vars == <<nodevars, fault, toGo, toNode, space, govars, nodealive, goalive>>

Mutant(m) == MUTANT = m
Min(a, b) == IF a < b THEN a ELSE b

-----------------------------------------------------------------------------
\* Hand-shake 3: StreamCall reserves a place for each batch that comes and for the credit of each that goes, beside the
\* completion's. One place in the ring is left to calls: a loop that awaits one must get through. How several streams and
\* calls share the places is in module places.

Directions == (IF INCOMING > 0 THEN 1 ELSE 0) + (IF OUTGOING > 0 /\ ~(Mutant("credit_without_place") /\ INCOMING > 0) THEN 1 ELSE 0)
Spare == IF Mutant("stream_takes_all") THEN 0 ELSE 1
Window == Min(WINDOW, (TO_NODE - 1 - Spare) \div Directions)
Places == 1 + Window * Directions

ASSUME Window > 0

-----------------------------------------------------------------------------
\* Node

\* Between two drains: nothing is published while entries are read and not released.
Turn == nodealive /\ (seen = 0 \/ Mutant("credit_while_draining"))
HasRoom == Len(toGo) < TO_GO
Live == nodealive /\ goalive

AnEntry(kind, n) == [kind |-> kind, n |-> n]

NodeRest == UNCHANGED <<govars, nodealive, goalive>>

\* A batch of the argument stream: Channel.sendItems. Without room it is tried again when something has happened.
\* SYNC POINT: producer waits.
SendItems ==
  /\ Live /\ Turn /\ slot /\ source = "open" /\ sent < OUTGOING /\ credit > 0 /\ ~stalled
  /\ IF HasRoom
     THEN /\ toGo' = Append(toGo, AnEntry("ITEMS", sent + 1)) /\ sent' = sent + 1
          /\ credit' = credit - 1 /\ bodies' = bodies \cup {sent + 1}
          /\ UNCHANGED <<stalled, space>>
     ELSE stalled' = TRUE /\ space' = TRUE /\ UNCHANGED <<toGo, sent, credit, bodies>>
  /\ UNCHANGED <<slot, reader, settles, begun, batches, source, posts, aside, heard, seen, fault, toNode>> /\ NodeRest

Post(kind, n) == posts' = Append(posts, AnEntry(kind, n)) /\ heard' = TRUE

\* The program's iterable has come to its end, after its last batch or before; what it has yielded has been sent.
SourceEnds ==
  /\ Live /\ slot /\ source = "open" /\ OUTGOING > 0
  /\ ~stalled \/ Mutant("end_before_items")
  /\ source' = IF stalled THEN source ELSE "ended"
  /\ ~\E i \in DOMAIN posts : posts[i].kind = "END"
  /\ IF Mutant("end_without_room") /\ ~HasRoom THEN UNCHANGED <<posts, heard>> ELSE Post("END", 0)
  /\ UNCHANGED <<slot, reader, settles, begun, batches, credit, sent, bodies, stalled, aside, seen, fault, toGo, toNode, space>>
  /\ NodeRest

\* Posts first, in order; then what is stalled; then waiting calls.
Pump ==
  /\ Live /\ Turn /\ heard
  /\ IF posts # <<>> /\ ~slot
     \* Completed meanwhile: Go would not know what is meant.
     THEN posts' = Tail(posts) /\ UNCHANGED <<heard, toGo, space, stalled, aside>>
     ELSE IF posts # <<>>
     THEN /\ IF HasRoom
             THEN toGo' = Append(toGo, Head(posts)) /\ posts' = Tail(posts) /\ UNCHANGED <<heard, space>>
             ELSE space' = TRUE /\ heard' = FALSE /\ UNCHANGED <<toGo, posts>>
          /\ UNCHANGED <<stalled, aside>>
     ELSE /\ stalled' = (stalled /\ Mutant("stalled_stays"))
          /\ LET place == ~slot \/ Places < TO_NODE
             IN IF aside = "queued" /\ place /\ HasRoom
                THEN toGo' = Append(toGo, AnEntry("CALL", 2)) /\ aside' = "flight" /\ UNCHANGED space
                ELSE /\ UNCHANGED <<toGo, aside>>
                     /\ space' = (space \/ (aside = "queued" /\ place))
          /\ heard' = FALSE
          /\ UNCHANGED posts
  /\ UNCHANGED <<slot, reader, settles, begun, batches, source, credit, sent, bodies, seen, fault, toNode>> /\ NodeRest

\* Incoming.serve: the reader begins a batch, and its credit goes back. It may be waiting already when the batch comes, in
\* the middle of a drain.
Begin ==
  /\ nodealive /\ reader = "reads" /\ batches # <<>> /\ aside = "none"
  /\ begun' = begun + 1 /\ batches' = Tail(batches)
  /\ fault' = (fault \/ Head(batches) # begun + 1)
  /\ aside' = IF LOOPS /\ goalive THEN "queued" ELSE "none"
  /\ IF slot /\ settles = 0 /\ goalive /\ ~Mutant("credit_on_arrival") THEN Post("CREDIT", 1)
     ELSE heard' = (heard \/ LOOPS) /\ UNCHANGED posts
  /\ UNCHANGED <<slot, reader, settles, source, credit, sent, bodies, stalled, seen, toGo, toNode, space>> /\ NodeRest

\* The end comes to the reader after everything that has come before.
SeeEnd ==
  /\ nodealive /\ reader = "reads" /\ settles > 0 /\ aside = "none"
  /\ batches = <<>> \/ Mutant("end_drops_batches")
  /\ reader' = "end" /\ batches' = <<>>
  /\ UNCHANGED <<slot, settles, begun, source, credit, sent, bodies, stalled, posts, aside, heard, seen, fault, toGo, toNode, space>>
  /\ NodeRest

\* Incoming.return, an AbortSignal, or an iterable that throws: Channel.cancel. The slot and the bodies stay until Go has
\* completed the call.
GiveUp ==
  /\ GIVES_UP /\ Live /\ reader = "reads" /\ settles = 0
  /\ reader' = "left" /\ batches' = <<>> /\ settles' = settles + 1
  /\ source' = IF source = "open" THEN "stopped" ELSE source
  /\ stalled' = FALSE
  /\ IF Mutant("leaves_in_silence") THEN UNCHANGED <<posts, heard>> ELSE Post("CANCEL", 0)
  /\ slot' = ~Mutant("leaving_frees_slot")
  /\ bodies' = IF Mutant("leaving_frees_bodies") THEN {} ELSE bodies
  /\ UNCHANGED <<begun, credit, sent, aside, seen, fault, toGo, toNode, space>> /\ NodeRest

\* Channel.settle and onStream: one entry of a drain.
NodeRead ==
  /\ nodealive /\ seen < Len(toNode) /\ ~fault
  /\ LET e == toNode[seen + 1]
         first == IF bodies = {} THEN 0 ELSE CHOOSE b \in bodies : \A d \in bodies : b <= d
     IN /\ CASE e.kind = "RESULT" /\ e.n = 2 ->
                  /\ aside' = "none"
                  /\ UNCHANGED <<slot, settles, batches, source, credit, bodies, stalled, posts, fault>>
             [] e.kind = "ITEMS" /\ slot ->
                  \* Of a call that was given up they are dropped.
                  /\ batches' = IF settles = 0 THEN Append(batches, e.n) ELSE batches
                  /\ posts' = IF Mutant("credit_on_arrival") /\ settles = 0 THEN Append(posts, AnEntry("CREDIT", 1)) ELSE posts
                  /\ UNCHANGED <<slot, settles, source, credit, bodies, stalled, aside, fault>>
             [] e.kind = "CREDIT" /\ slot /\ first # 0 ->
                  /\ bodies' = bodies \ {first} /\ credit' = credit + 1
                  /\ UNCHANGED <<slot, settles, batches, source, stalled, posts, aside, fault>>
             [] e.kind = "RESULT" /\ e.n = 1 /\ slot ->
                  /\ slot' = FALSE /\ bodies' = {} /\ stalled' = FALSE
                  /\ settles' = IF settles = 0 THEN 1 ELSE settles
                  /\ source' = IF source = "open" THEN "stopped" ELSE source
                  /\ UNCHANGED <<batches, credit, posts, aside, fault>>
             [] OTHER -> fault' = TRUE /\ UNCHANGED <<slot, settles, batches, source, credit, bodies, stalled, posts, aside>>
        /\ seen' = seen + 1
  /\ UNCHANGED <<reader, begun, sent, heard, toGo, toNode, space>> /\ NodeRest

\* Consumer.advance, at the end of a drain.
NodeAdvance ==
  /\ nodealive /\ seen > 0
  /\ toNode' = SubSeq(toNode, seen + 1, Len(toNode)) /\ seen' = 0 /\ heard' = TRUE
  /\ UNCHANGED <<slot, reader, settles, begun, batches, source, credit, sent, bodies, stalled, posts, aside, fault, toGo, space>>
  /\ NodeRest

\* Go has ended, and what it had sent was read: Channel.finish. The region is thrown away whole.
Finish ==
  /\ nodealive /\ ~goalive /\ (slot \/ aside # "none")
  /\ seen = Len(toNode)
  /\ slot' = FALSE /\ bodies' = {} /\ stalled' = FALSE /\ posts' = <<>> /\ aside' = "none"
  /\ settles' = IF settles = 0 THEN 1 ELSE settles
  /\ source' = IF source = "open" THEN "stopped" ELSE source
  /\ toGo' = <<>> /\ toNode' = <<>> /\ seen' = 0 /\ heard' = FALSE /\ space' = FALSE
  /\ handler' = "none" /\ taken' = 0 /\ granted' = 0 /\ yielded' = 0 /\ arrived' = <<>> /\ ended' = FALSE
  /\ taking' = "nothing" /\ given' = 0 /\ cancelled' = FALSE /\ answers' = FALSE
  /\ UNCHANGED <<reader, begun, batches, credit, sent, fault, nodealive, goalive>>

-----------------------------------------------------------------------------
\* Go

GoRest == UNCHANGED <<slot, reader, settles, begun, batches, source, credit, sent, bodies, stalled, posts, aside, seen, nodealive, goalive>>
Room == Len(toNode) < TO_NODE

\* server.read. What comes for a call that has been completed has crossed with its completion.
Take ==
  /\ goalive /\ taken < Len(toGo)
  /\ LET e == toGo[taken + 1]
         known == handler = "runs"
     IN /\ handler' = IF e.kind = "CALL" /\ e.n = 1 THEN "runs" ELSE handler
        /\ answers' = (answers \/ (e.kind = "CALL" /\ e.n = 2))
        /\ granted' = IF e.kind = "CREDIT" /\ known THEN granted + e.n ELSE granted
        /\ arrived' = IF e.kind = "ITEMS" /\ known THEN Append(arrived, e.n) ELSE arrived
        /\ ended' = (ended \/ (e.kind = "END" /\ known))
        /\ cancelled' = (cancelled \/ (e.kind = "CANCEL" /\ known))
        /\ fault' = (fault \/ (e.kind = "ITEMS" /\ known /\ ended))
  /\ taken' = taken + 1
  /\ UNCHANGED <<heard, toGo, toNode, space, yielded, taking, given>> /\ GoRest

\* SYNC POINT: slots free.
Release ==
  /\ goalive /\ taken > 0
  /\ toGo' = SubSeq(toGo, taken + 1, Len(toGo)) /\ taken' = 0
  /\ heard' = (heard \/ space) /\ space' = FALSE
  /\ UNCHANGED <<fault, toNode, handler, granted, yielded, arrived, ended, taking, given, cancelled, answers>> /\ GoRest

\* sender.sendBatch: takes a credit, and finds room.
Yield ==
  /\ goalive /\ yielded < INCOMING /\ granted > 0 /\ Room
  /\ handler = "runs" \/ (Mutant("flush_after_completion") /\ handler = "completed")
  /\ granted' = granted - 1 /\ yielded' = yielded + 1
  /\ toNode' = Append(toNode, AnEntry("ITEMS", yielded + 1))
  /\ UNCHANGED <<heard, fault, toGo, space, handler, taken, arrived, ended, taking, given, cancelled, answers>> /\ GoRest

\* nextBatch: takes a batch, decodes it, gives its credit back.
TakeBatch ==
  /\ goalive /\ handler = "runs" /\ arrived # <<>> /\ taking = "nothing"
  /\ taking' = "decodes" /\ given' = Head(arrived) /\ arrived' = Tail(arrived)
  /\ fault' = (fault \/ Head(arrived) # given + 1)
  /\ UNCHANGED <<heard, toGo, toNode, space, handler, taken, granted, yielded, ended, cancelled, answers>> /\ GoRest
Decoded ==
  /\ goalive /\ taking = "decodes" /\ taking' = "credits"
  /\ UNCHANGED <<heard, fault, toGo, toNode, space, handler, taken, granted, yielded, arrived, ended, given, cancelled, answers>> /\ GoRest
GiveCredit ==
  /\ goalive /\ taking = "credits" /\ Room
  /\ taking' = "nothing" /\ toNode' = Append(toNode, AnEntry("CREDIT", 1))
  /\ UNCHANGED <<heard, fault, toGo, space, handler, taken, granted, yielded, arrived, ended, given, cancelled, answers>> /\ GoRest

\* A handler returns when its streams have ended, or its caller has given up; early, if it likes. streams.end lets a batch
\* be decoded and its credit be given that a goroutine has begun to take.
Done == cancelled \/ (yielded = INCOMING /\ (OUTGOING = 0 \/ (ended /\ arrived = <<>>)))
Unhindered == CASE taking = "decodes" -> Mutant("end_while_decoding")
                [] taking = "credits" -> Mutant("end_before_credit")
                [] OTHER -> TRUE
Return ==
  /\ goalive /\ handler = "runs" /\ Unhindered
  /\ handler' = "returned" /\ arrived' = <<>>
  /\ UNCHANGED <<heard, fault, toGo, toNode, space, taken, granted, yielded, ended, taking, given, cancelled, answers>> /\ GoRest

Complete ==
  /\ goalive /\ handler = "returned" /\ Room
  /\ handler' = "completed" /\ toNode' = Append(toNode, AnEntry("RESULT", 1))
  /\ UNCHANGED <<heard, fault, toGo, space, taken, granted, yielded, arrived, ended, taking, given, cancelled, answers>> /\ GoRest

\* The handler of the loop's call.
Answer ==
  /\ goalive /\ answers /\ Room
  /\ answers' = FALSE /\ toNode' = Append(toNode, AnEntry("RESULT", 2))
  /\ UNCHANGED <<heard, fault, toGo, space, handler, taken, granted, yielded, arrived, ended, taking, given, cancelled>> /\ GoRest

Exit == /\ goalive /\ ~nodealive /\ goalive' = FALSE
        /\ UNCHANGED <<nodevars, fault, toGo, toNode, space, govars, nodealive>>

Die == /\ DEATH
       /\ \/ goalive /\ goalive' = FALSE /\ UNCHANGED nodealive
          \/ nodealive /\ nodealive' = FALSE /\ UNCHANGED goalive
       /\ UNCHANGED <<nodevars, fault, toGo, toNode, space, govars>>

-----------------------------------------------------------------------------

\* The one way to stand still.
Finished == (~nodealive \/ (~slot /\ reader # "reads" /\ aside = "none")) /\ UNCHANGED vars

\* The call has been sent, and behind it how many batches may come.
Init ==
  /\ slot = TRUE /\ reader = "reads" /\ settles = 0 /\ begun = 0 /\ batches = <<>>
  /\ source = (IF OUTGOING > 0 THEN "open" ELSE "ended") /\ credit = Window /\ sent = 0 /\ bodies = {} /\ stalled = FALSE
  /\ posts = (IF INCOMING > 0 THEN <<AnEntry("CREDIT", Window)>> ELSE <<>>) /\ aside = "none" /\ heard = TRUE /\ seen = 0
  /\ fault = FALSE
  /\ toGo = <<AnEntry("CALL", 1)>> /\ toNode = <<>> /\ space = FALSE
  /\ handler = "none" /\ taken = 0 /\ granted = 0 /\ yielded = 0 /\ arrived = <<>> /\ ended = FALSE
  /\ taking = "nothing" /\ given = 0 /\ cancelled = FALSE /\ answers = FALSE
  /\ nodealive = TRUE /\ goalive = TRUE

NodeMust == SendItems \/ (sent = OUTGOING /\ SourceEnds) \/ Pump \/ Begin \/ SeeEnd \/ NodeRead \/ NodeAdvance \/ Finish
GoMust == Take \/ Release \/ Yield \/ TakeBatch \/ Decoded \/ GiveCredit \/ (Done /\ Return) \/ Complete \/ Answer \/ Exit
May == SourceEnds \/ GiveUp \/ (RETURNS /\ Return) \/ Die

Next == NodeMust \/ GoMust \/ May \/ Finished

\* The reader reads on unless it leaves, the source and the handler come to their ends, also early.
Spec == Init /\ [][Next]_vars /\ WF_vars(NodeMust) /\ WF_vars(GoMust)

-----------------------------------------------------------------------------
\* What must hold

TypeOK == Len(toGo) <= TO_GO /\ Len(toNode) <= TO_NODE /\ taken <= Len(toGo) /\ seen <= Len(toNode)

\* Items come in order; no entry comes for a call that is not in flight, none after END; no credit comes for what was not sent.
Honest == ~fault

\* The call settles once.
Once == settles <= 1 /\ (slot \/ settles = 1)

\* Whoever has credit, has read a batch, or has finished finds room in ring toNode.
NeverWaits == LET sends == \/ handler = "runs" /\ granted > 0 /\ yielded < INCOMING
                           \/ taking = "credits" \/ handler = "returned" \/ answers
              IN (Live /\ sends) => Room

\* What Go reads of a batch is still held by Node.
Held == Live => /\ taking = "decodes" => given \in bodies
                /\ handler = "runs" => \A i \in DOMAIN arrived : arrived[i] \in bodies
                /\ (handler \in {"none", "runs"}) =>
                     \A i \in taken + 1 .. Len(toGo) : toGo[i].kind = "ITEMS" => toGo[i].n \in bodies

\* And given back in the end.
AllFreed == slot \/ bodies = {}

\* A reader that stops bounds what there is for it, a handler that stops too.
Bounded == Len(batches) <= Window /\ Len(arrived) <= Window /\ Cardinality(bodies) <= Window /\ Len(posts) <= Window + 2

\* Unless it has left, or Go has died, the reader sees the end after the last item.
EndIsLast == (reader = "end" /\ goalive) => begun = yielded

\* The call settles; who has left is free of it; what was sent is read.
Settled == slot ~> (~slot \/ ~nodealive)
Read == (yielded > begun) ~> (yielded = begun \/ reader = "left" \/ ~goalive \/ ~nodealive)
=============================================================================
