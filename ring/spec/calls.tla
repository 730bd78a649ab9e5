-------------------------------- MODULE calls --------------------------------
(***************************************************************************)
(* Calls over two rings: hand-shakes 3 and 4 of the protocol, cancellation *)
(* and death.                                                              *)
(*                                                                         *)
(* A ring is a queue here: that it is one, module ring shows. What stays   *)
(* of it is that an entry takes its place until the reader has released    *)
(* it, and that a producer without room is told when there is some. A step *)
(* of Node is one turn of JavaScript; Go's handlers interleave freely.     *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  CALLS,       \* calls that the program makes at most
  TO_GO,       \* entries in ring toGo
  TO_NODE,     \* entries in ring toNode
  RESERVED,    \* of those, what streams and calls from Go have reserved
  GENERATIONS, \* how often a slot can be reused before a call id comes again: more often than CALLS here, 4,096 in code
  WORKERS,     \* Go processes that are started at most, one after the other
  CLOSES,      \* "idle": Node sends CLOSE when nothing is in flight, as channel.ts; "early": after its last call
  NESTS,       \* whether encoding an argument may run the program's code, which calls and may throw
  CANCELS,     \* whether calls are cancelled
  REPEATS,     \* whether a faulty worker sends one completion again, later
  DEATH,       \* whether either side may die, at any step
  MUTANT       \* "none", or which step is broken

ASSUME /\ {CALLS, TO_GO, TO_NODE, WORKERS} \subseteq Nat \ {0} /\ RESERVED \in 0 .. TO_NODE - 1
       /\ GENERATIONS > CALLS /\ CLOSES \in {"idle", "early"}
       /\ {NESTS, CANCELS, REPEATS, DEATH} \subseteq BOOLEAN

VARIABLES
  \* The program
  calls,       \* "new", "queued", "flight", "settled"
  settles,     \* how often each was settled
  wrong,       \* a call was completed by what belongs to another
  \* Node
  node,        \* "open", "draining", "closed"
  slots, free, \* which call has which slot, 0 for none; the free ones, first in, first out
  queue,       \* calls that wait for room
  cancels,     \* CANCELs that wait for room
  heard,       \* something has happened for which waiting calls are looked at again: ChannelEvents.progress
  said,        \* CLOSE has been sent
  answered,    \* the peer's CLOSE was read
  seen,        \* entries of toNode that were read and not yet released
  damaged,     \* the region is to be thrown away
  \* The region
  toGo, toNode, space,
  \* Go
  go,          \* "open", "closing", "closed"
  taken,       \* entries of toGo that were read and not yet released
  running,     \* handlers, with the call id that they answer
  sent,        \* completions that a faulty worker still may send again
  repeated,    \* one of them was
  worker,      \* the how manieth it is
  nodealive, goalive

nodevars == <<node, slots, free, queue, cancels, heard, said, answered, seen, damaged>>
govars == <<go, taken, running, sent, repeated, worker>>
vars == <<calls, settles, wrong, nodevars, toGo, toNode, space, govars, nodealive, goalive>>

Call == 1 .. CALLS
Mutant(m) == MUTANT = m

\* A completion slot each, for less than toNode has room for.
SLOTS == TO_NODE - RESERVED + (IF Mutant("slot_not_reserved") THEN 1 ELSE 0)
Slot == 1 .. SLOTS
FreshSlots == [s \in Slot |-> [call |-> 0, gen |-> 0]]
FreshFree == [i \in Slot |-> i]
Used == {s \in Slot : slots[s].call # 0}

Id(s) == [slot |-> s, gen |-> slots[s].gen, call |-> slots[s].call]
\* The call is what a test would look at; it is in no entry.
AnEntry(kind, id) == [kind |-> kind, slot |-> id.slot, gen |-> id.gen, call |-> id.call]
CloseEntry == [kind |-> "CLOSE", slot |-> 0, gen |-> 0, call |-> 0]

-----------------------------------------------------------------------------
\* Settling

Settle(set) == /\ settles' = [c \in Call |-> settles[c] + (IF c \in set THEN 1 ELSE 0)]
               /\ calls' = [c \in Call |-> IF c \in set THEN "settled" ELSE calls[c]]

\* Slots.release: under another generation, and behind all other free ones.
Released(s) == [slots EXCEPT ![s] = [call |-> 0, gen |-> (@.gen + 1) % GENERATIONS]]

-----------------------------------------------------------------------------
\* Hand-shake 3: admission

Turn == nodealive /\ node # "closed" /\ (seen = 0 \/ Mutant("admits_while_draining"))
HasSlot == free # <<>>
HasRoom == Len(toGo) < TO_GO

\* Channel.submit, when it takes the call.
Admit(c) == LET s == Head(free) IN
  /\ slots' = [slots EXCEPT ![s].call = c]
  /\ free' = Tail(free)
  /\ toGo' = Append(toGo, AnEntry("CALL", [slot |-> s, gen |-> slots[s].gen, call |-> c]))

\* What keeps Node's event loop alive: Waiter.pending. Calls that were given up do not. A call that waits counts too, for
\* room or for a place: all places may belong to calls that were given up, or no call may be in flight at all.
Waits == queue # <<>> /\ CASE Mutant("waiting_not_counted") -> FALSE
                          [] Mutant("place_not_counted") -> space
                          [] OTHER -> TRUE
Pending == (\E s \in Used : calls[slots[s].call] = "flight") \/ said \/ Waits

\* Channel.submit, when it does not: without a slot, a completion will tell; without room, the doorbell.
\* SYNC POINT: producer waits.
Refuse == /\ space' = (space \/ HasSlot)
          /\ UNCHANGED <<slots, free, toGo>>

Made(c) == calls[c] = "new" /\ \A d \in 1 .. c - 1 : calls[d] # "new"

Make(c) ==
  /\ Turn /\ Made(c)
  /\ IF node # "open"
     THEN Settle({c}) /\ UNCHANGED <<slots, free, toGo, space, queue>>
     ELSE /\ UNCHANGED settles
          /\ IF queue = <<>> /\ HasSlot /\ HasRoom
             THEN Admit(c) /\ calls' = [calls EXCEPT ![c] = "flight"] /\ UNCHANGED <<queue, space>>
             ELSE /\ queue' = Append(queue, c) /\ calls' = [calls EXCEPT ![c] = "queued"]
                  /\ IF queue = <<>> THEN Refuse ELSE UNCHANGED <<slots, free, toGo, space>>
  /\ UNCHANGED <<wrong, node, cancels, heard, said, answered, seen, damaged, toNode, govars, nodealive, goalive>>

\* Encoding call c runs the program's code, which makes call d and throws: c is sent not at all, d waits. For d nothing
\* may be under way that would tell.
MakeNested(c, d) ==
  /\ NESTS /\ Turn /\ node = "open" /\ Made(c) /\ d = c + 1 /\ d \in Call
  /\ queue = <<>> /\ HasSlot /\ HasRoom
  /\ settles' = [settles EXCEPT ![c] = @ + 1]
  /\ calls' = [calls EXCEPT ![c] = "settled", ![d] = "queued"]
  /\ queue' = <<d>>
  /\ heard' = (heard \/ ~Mutant("throw_forgets_queue"))
  /\ UNCHANGED <<wrong, node, slots, free, cancels, said, answered, seen, damaged, toGo, toNode, space, govars, nodealive, goalive>>

\* What waits is looked at again: CANCELs first, then calls, first in, first out.
Pump ==
  /\ Turn /\ heard
  /\ IF cancels # {}
     THEN /\ IF HasRoom
             THEN \E id \in cancels : /\ toGo' = Append(toGo, AnEntry("CANCEL", id))
                                      /\ cancels' = cancels \ {id}
                                      /\ UNCHANGED <<heard, space>>
             ELSE space' = TRUE /\ heard' = FALSE /\ UNCHANGED <<toGo, cancels>>
          /\ UNCHANGED <<queue, slots, free, calls>>
     ELSE /\ UNCHANGED cancels
          /\ IF queue = <<>>
             THEN heard' = FALSE /\ UNCHANGED <<toGo, space, queue, slots, free, calls>>
             ELSE IF HasSlot /\ HasRoom
             THEN Admit(Head(queue)) /\ queue' = Tail(queue)
                  /\ calls' = [calls EXCEPT ![Head(queue)] = "flight"] /\ UNCHANGED <<heard, space>>
             ELSE Refuse /\ heard' = FALSE /\ UNCHANGED <<queue, calls>>
  /\ UNCHANGED <<settles, wrong, node, said, answered, seen, damaged, toNode, govars, nodealive, goalive>>

\* The promise is rejected at once. The slot, and the request's memory with it, is held until Go has answered.
Cancel(c) ==
  /\ CANCELS /\ Turn
  /\ \/ /\ calls[c] = "queued"
        /\ queue' = IF Mutant("cancel_leaves_queued") THEN queue ELSE SelectSeq(queue, LAMBDA d : d # c)
        /\ UNCHANGED <<slots, free, cancels>>
     \/ /\ calls[c] = "flight"
        /\ \E s \in Slot :
             /\ slots[s].call = c
             /\ cancels' = cancels \cup (IF said THEN {} ELSE {Id(s)})
             /\ IF Mutant("cancel_frees_slot")
                THEN slots' = Released(s) /\ free' = Append(free, s)
                ELSE UNCHANGED <<slots, free>>
        /\ UNCHANGED queue
  /\ heard' = TRUE
  /\ Settle({c})
  /\ UNCHANGED <<wrong, node, said, answered, seen, damaged, toGo, toNode, space, govars, nodealive, goalive>>

-----------------------------------------------------------------------------
\* Completions

\* Channel.settle: one entry. After damage nothing more is read, and the worker is ended.
NodeRead ==
  /\ nodealive /\ node # "closed" /\ ~damaged /\ seen < Len(toNode)
  /\ LET e == toNode[seen + 1]
         known == /\ e.kind = "RESULT" /\ e.slot \in Slot
                  /\ slots[e.slot].call # 0
                  /\ Mutant("no_generation") \/ slots[e.slot].gen = e.gen
         c == slots[e.slot].call
     IN IF e.kind = "CLOSE" /\ said /\ Used = {}
        THEN /\ answered' = TRUE /\ seen' = seen + 1
             /\ UNCHANGED <<calls, settles, wrong, slots, free, cancels, damaged, goalive>>
        ELSE IF known
        THEN /\ wrong' = (wrong \/ c # e.call)
             /\ Settle(IF calls[c] = "flight" THEN {c} ELSE {})
             /\ cancels' = {id \in cancels : id.slot # e.slot}
             /\ slots' = Released(e.slot) /\ free' = Append(free, e.slot)
             /\ seen' = seen + 1
             /\ UNCHANGED <<answered, damaged, goalive>>
        ELSE /\ damaged' = TRUE /\ goalive' = FALSE
             /\ UNCHANGED <<calls, settles, wrong, slots, free, cancels, answered, seen>>
  /\ UNCHANGED <<node, queue, heard, said, toGo, toNode, space, govars, nodealive>>

\* Consumer.advance, at the end of a drain.
NodeAdvance ==
  /\ nodealive /\ node # "closed" /\ seen > 0
  /\ toNode' = SubSeq(toNode, seen + 1, Len(toNode)) /\ seen' = 0
  /\ heard' = TRUE
  /\ UNCHANGED <<calls, settles, wrong, node, slots, free, queue, cancels, said, answered, damaged, toGo, space, govars, nodealive, goalive>>

-----------------------------------------------------------------------------
\* Hand-shake 4: the end

Close == /\ Turn /\ node = "open" /\ node' = "draining"
         /\ UNCHANGED <<calls, settles, wrong, slots, free, queue, cancels, heard, said, answered, seen, damaged, toGo, toNode, space, govars, nodealive, goalive>>

\* Channel.sendClose. CLOSE needs room like any other entry: also when all calls have been answered, Go may not have
\* released theirs.
SendClose ==
  /\ Turn /\ node = "draining" /\ goalive /\ ~said
  /\ queue = <<>> /\ cancels = {}
  /\ CLOSES = "idle" => Used = {}
  /\ HasRoom \/ Mutant("close_without_room")
  /\ said' = TRUE
  /\ toGo' = IF HasRoom THEN Append(toGo, CloseEntry) ELSE toGo
  /\ UNCHANGED <<calls, settles, wrong, node, slots, free, queue, cancels, heard, answered, seen, damaged, toNode, space, govars, nodealive, goalive>>

\* The worker has ended, by itself or not: Channel.finish. What it had finished is settled, the rest rejected, and the
\* region is thrown away whole. Calls that were never sent go to the next worker.
Finish ==
  /\ nodealive /\ node # "closed" /\ ~goalive
  /\ (seen = Len(toNode) \/ damaged)
  /\ LET inflight == {c \in Call : calls[c] = "flight"}
         again == worker < WORKERS /\ (node = "open" \/ queue # <<>>)
     IN /\ Settle(inflight \cup IF again THEN {} ELSE {c \in Call : calls[c] = "queued"})
        /\ node' = IF again THEN node ELSE "closed"
        /\ queue' = IF again THEN queue ELSE <<>>
        /\ worker' = IF again THEN worker + 1 ELSE worker
        /\ goalive' = again
  /\ slots' = FreshSlots /\ free' = FreshFree /\ cancels' = {} /\ heard' = TRUE
  /\ said' = FALSE /\ answered' = FALSE /\ seen' = 0 /\ damaged' = FALSE
  /\ toGo' = <<>> /\ toNode' = <<>> /\ space' = FALSE
  /\ go' = "open" /\ taken' = 0 /\ running' = {} /\ sent' = {}
  /\ UNCHANGED <<wrong, repeated, nodealive>>

-----------------------------------------------------------------------------
\* Go

NodeStays == UNCHANGED <<calls, settles, wrong, node, slots, free, queue, cancels, said, answered, seen, damaged, nodealive>>

\* server.read. The place is Node's again only after Release.
Take ==
  /\ goalive /\ taken < Len(toGo)
  /\ LET e == toGo[taken + 1] IN
       /\ running' = CASE e.kind = "CALL" -> running \cup {[slot |-> e.slot, gen |-> e.gen, call |-> e.call, cancelled |-> FALSE]}
                       [] e.kind = "CANCEL" -> {IF h.slot = e.slot /\ h.gen = e.gen THEN [h EXCEPT !.cancelled = TRUE] ELSE h : h \in running}
                       [] OTHER -> running
       /\ go' = IF e.kind = "CLOSE" THEN "closing" ELSE go
       /\ wrong' = (wrong \/ (e.kind = "CANCEL" /\ \E h \in running : h.slot = e.slot /\ h.gen = e.gen /\ h.call # e.call))
  /\ taken' = taken + 1
  /\ UNCHANGED <<calls, settles, nodevars, toGo, toNode, space, sent, repeated, worker, nodealive, goalive>>

\* SYNC POINT: slots free. Consumer.Release, at the latest before Go sleeps; with the doorbell, if Node waits.
Release ==
  /\ goalive /\ taken > 0
  /\ toGo' = SubSeq(toGo, taken + 1, Len(toGo)) /\ taken' = 0
  /\ heard' = (heard \/ space) /\ space' = FALSE
  /\ NodeStays /\ UNCHANGED <<toNode, go, running, sent, repeated, worker, goalive>>

\* completer.push.
Complete(h) ==
  /\ goalive /\ Len(toNode) < TO_NODE
  /\ toNode' = Append(toNode, AnEntry("RESULT", h))
  /\ running' = running \ {h}
  /\ sent' = IF REPEATS /\ ~repeated THEN sent \cup {AnEntry("RESULT", h)} ELSE {}
  /\ NodeStays /\ UNCHANGED <<heard, toGo, space, go, taken, repeated, worker, goalive>>

\* What no honest worker does: a completion comes again, perhaps when its slot has another call.
Repeat ==
  /\ goalive /\ Len(toNode) < TO_NODE /\ go # "closed"
  /\ \E e \in sent : toNode' = Append(toNode, e)
  /\ repeated' = TRUE /\ sent' = {}
  /\ NodeStays /\ UNCHANGED <<heard, toGo, space, go, taken, running, worker, goalive>>

\* completer.closeIfLast: its last entry, when all that was taken has been completed.
GoClose ==
  /\ goalive /\ go = "closing" /\ Len(toNode) < TO_NODE
  /\ running = {} \/ Mutant("close_before_last")
  /\ toNode' = Append(toNode, CloseEntry) /\ go' = "closed"
  /\ NodeStays /\ UNCHANGED <<heard, toGo, space, taken, running, sent, repeated, worker, goalive>>

\* The program ends after CLOSE; and whenever its host is gone.
Exit == /\ goalive /\ (go = "closed" \/ ~nodealive) /\ goalive' = FALSE
        /\ NodeStays /\ UNCHANGED <<heard, toGo, toNode, space, govars>>

Die == /\ DEATH
       /\ \/ goalive /\ goalive' = FALSE /\ UNCHANGED nodealive
          \/ nodealive /\ node # "closed" /\ nodealive' = FALSE /\ UNCHANGED goalive
       /\ UNCHANGED <<calls, settles, wrong, nodevars, toGo, toNode, space, govars>>

-----------------------------------------------------------------------------

\* The one way to stand still.
Finished == (~nodealive \/ (node = "closed" /\ \A c \in Call : calls[c] \in {"new", "settled"})) /\ ~goalive /\ UNCHANGED vars

Init ==
  /\ calls = [c \in Call |-> "new"] /\ settles = [c \in Call |-> 0] /\ wrong = FALSE
  /\ node = "open" /\ slots = FreshSlots /\ free = FreshFree /\ queue = <<>> /\ cancels = {}
  /\ heard = FALSE /\ said = FALSE /\ answered = FALSE /\ seen = 0 /\ damaged = FALSE
  /\ toGo = <<>> /\ toNode = <<>> /\ space = FALSE
  /\ go = "open" /\ taken = 0 /\ running = {} /\ sent = {} /\ repeated = FALSE /\ worker = 1
  /\ nodealive = TRUE /\ goalive = TRUE

NodeMust == Pump \/ NodeRead \/ NodeAdvance \/ SendClose \/ Finish
GoMust == Take \/ Release \/ (\E h \in running : Complete(h)) \/ GoClose \/ Exit
May == (\E c \in Call : Make(c) \/ Cancel(c) \/ \E d \in Call : MakeNested(c, d)) \/ Close \/ Repeat \/ Die

Next == NodeMust \/ GoMust \/ May \/ Finished

\* Nobody has to call, to cancel, to close or to die; a handler returns in the end.
Spec == Init /\ [][Next]_vars /\ WF_vars(NodeMust) /\ WF_vars(GoMust)

-----------------------------------------------------------------------------
\* What must hold

TypeOK == /\ Len(toGo) <= TO_GO /\ Len(toNode) <= TO_NODE /\ taken <= Len(toGo) /\ seen <= Len(toNode)
          /\ Len(free) + Cardinality(Used) = SLOTS

\* Every call settles once, and only by its own completion.
Once == \A c \in Call : settles[c] = (IF calls[c] = "settled" THEN 1 ELSE 0)
Own == ~wrong

\* A handler that has finished never waits for room. (A worker that sends more than was asked for may.)
NeverWaits == (goalive /\ ~REPEATS /\ running # {}) => Len(toNode) < TO_NODE

\* What Go has to do with is still held by Node: its slot, and the request's memory with it.
Held == (nodealive /\ goalive) =>
          /\ \A h \in running : slots[h.slot].call = h.call /\ slots[h.slot].gen = h.gen
          /\ \A i \in taken + 1 .. Len(toGo) :
               toGo[i].kind = "CALL" => slots[toGo[i].slot].call = toGo[i].call /\ slots[toGo[i].slot].gen = toGo[i].gen

\* Honest ends never take each other's entries for damage.
Honest == damaged => repeated

\* CLOSE is the last entry, in either direction.
Last(ring) == \A i \in DOMAIN ring : ring[i].kind = "CLOSE" => i = Len(ring)
CloseIsLast == Last(toGo) /\ (~repeated => Last(toNode))

\* A program that still waits for a call does not end by itself. (In a turn, and while a worker ends, it lives anyway.)
KeepsAlive == (nodealive /\ goalive /\ ~heard /\ seen = 0 /\ \E c \in Call : calls[c] \in {"queued", "flight"}) => Pending

\* After the end nothing is open.
AllSettled == node = "closed" => \A c \in Call : calls[c] \in {"new", "settled"}

Settled == \A c \in Call : calls[c] \in {"queued", "flight"} ~> (calls[c] = "settled" \/ ~nodealive)
Closed == (node = "draining") ~> (node = "closed" \/ ~nodealive)
=============================================================================
