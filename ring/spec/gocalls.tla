------------------------------- MODULE gocalls -------------------------------
(***************************************************************************)
(* Calls from Go to TypeScript, which may call Go in turn, to any depth:   *)
(* what is reserved for them, what is lent, replies and their memory,      *)
(* giving up, and the end.                                                 *)
(*                                                                         *)
(* Calls from Node are here only as far as these have to do with them:     *)
(* their slots are a number, and nobody cancels them. That is in module    *)
(* calls. Rings are queues, a step of Node is one turn of JavaScript or    *)
(* one entry of a drain, and Go's goroutines interleave freely.            *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  CALLS,       \* calls from Node at most
  GO_CALLS,    \* calls from Go at most
  TO_GO,       \* entries in ring toGo
  TO_NODE,     \* entries in ring toNode: half of them are Go's share
  MEMORY,      \* replies that have room in the memory for replies
  NESTS,       \* whether implementations in TypeScript call Go
  ALONE,       \* whether goroutines of no handler call TypeScript
  CANCELS,     \* whether calls from Go are given up
  CLOSES,      \* whether Node closes
  DEATH,       \* whether either side may die, at any step
  MUTANT       \* "none", or which step is broken

ASSUME /\ {CALLS, GO_CALLS, TO_GO, MEMORY} \subseteq Nat \ {0} /\ TO_NODE \in Nat \ {0, 1}
       /\ {NESTS, ALONE, CANCELS, CLOSES, DEATH} \subseteq BOOLEAN

VARIABLES
  \* Calls from Node
  calls,       \* "new", "queued", "flight", "settled"
  maker,       \* the call from Go whose implementation has made it and awaits it, 0 if none
  queue,       \* those that wait for room
  lent,        \* one was admitted without a place: from here on completions may wait for room
  \* Calls from Go, as Go sees them
  gocalls,     \* "new", "waits", "reads" its reply, "over"
  caller,      \* the call from Node whose handler has made it, 0 if none
  box,         \* entries that wait for room in ring toNode: outbox
  \* Calls from Go, as Node sees them
  answers,     \* "none", "runs", "replies" when the reply waits for room, "replied", "dropped"
  bodies,      \* calls whose replies have memory
  \* Node
  node,        \* "open", "draining", "closed"
  said,        \* CLOSE has been sent
  heard,       \* something has happened for which what waits is looked at again
  seen,        \* entries of toNode that were read and not yet released
  fault,       \* what no honest end does
  \* The region
  toGo, toNode, space,
  \* Go
  go,          \* "open", "closing", "closed"
  taken,       \* entries of toGo that were read and not yet released
  running,     \* handlers
  reader,      \* the handler that runs on the goroutine which reads, 0 if that reads
  nodealive, goalive

nodevars == <<calls, maker, queue, lent, answers, bodies, node, said, heard, seen>>
govars == <<gocalls, caller, box, go, taken, running, reader>>
vars == <<nodevars, govars, fault, toGo, toNode, space, nodealive, goalive>>

Call == 1 .. CALLS
GoCall == 1 .. GO_CALLS
Mutant(m) == MUTANT = m

AnEntry(kind, n) == [kind |-> kind, n |-> n]

-----------------------------------------------------------------------------
\* Hand-shake 3: half of ring toNode is for completions, half for calls from Go.

SHARE == TO_NODE \div 2
PLACES == TO_NODE - SHARE

InFlight == {c \in Call : calls[c] = "flight"}
\* Calls from Go that wait for TypeScript: Callbacks.waiting.
Waiting == {g \in GoCall : answers[g] = "runs"}

\* Slots.lend: every call in flight may be waiting for one that is made on its behalf.
Lend == Waiting # {} /\ Cardinality(Waiting) >= Cardinality(InFlight) /\ ~Mutant("nothing_lent")
HasPlace == Cardinality(InFlight) < PLACES

\* What limits Go is what Node has not read of it.
OfGo(e) == e.kind \in {"GOCALL", "GOCANCEL", "GODONE"}
Unread == {i \in DOMAIN toNode : OfGo(toNode[i])}
Unanswered == {g \in GoCall : gocalls[g] \in {"waits", "reads"} /\ ~\E i \in DOMAIN box : box[i] = AnEntry("GOCALL", g)}
MayPost == /\ Len(toNode) < TO_NODE
           /\ CASE Mutant("share_forgotten") -> TRUE
                [] Mutant("share_until_answered") -> Head(box).kind # "GOCALL" \/ Cardinality(Unanswered) < SHARE
                [] OTHER -> Cardinality(Unread) < SHARE

-----------------------------------------------------------------------------
\* Node

Turn == nodealive /\ node # "closed" /\ seen = 0
HasRoom == Len(toGo) < TO_GO
NodeRest == UNCHANGED <<govars, nodealive, goalive>>

\* Channel.submit. Without a place a completion or a call from Go will tell; without room, the doorbell.
\* SYNC POINT: producer waits.
Submit(c) ==
  IF (HasPlace \/ Lend) /\ HasRoom
  THEN toGo' = Append(toGo, AnEntry("CALL", c)) /\ lent' = (lent \/ ~HasPlace) /\ UNCHANGED space
  ELSE space' = (space \/ HasPlace \/ Lend) /\ UNCHANGED <<toGo, lent>>

\* The program calls, or the implementation of call g from Go does and awaits it. One thing after the other.
Make(c, g) ==
  /\ Turn /\ calls[c] = "new" /\ \A d \in 1 .. c - 1 : calls[d] # "new"
  /\ IF g = 0 THEN TRUE
     ELSE NESTS /\ answers[g] = "runs" /\ \A d \in Call : maker[d] = g => calls[d] = "settled"
  /\ maker' = [maker EXCEPT ![c] = g]
  /\ IF node # "open"
     THEN calls' = [calls EXCEPT ![c] = "settled"] /\ UNCHANGED <<queue, toGo, lent, space>>
     ELSE IF queue # <<>>
     THEN queue' = Append(queue, c) /\ calls' = [calls EXCEPT ![c] = "queued"] /\ UNCHANGED <<toGo, lent, space>>
     ELSE /\ Submit(c)
          /\ IF toGo' # toGo THEN calls' = [calls EXCEPT ![c] = "flight"] /\ UNCHANGED queue
             ELSE calls' = [calls EXCEPT ![c] = "queued"] /\ queue' = <<c>>
  /\ UNCHANGED <<answers, bodies, node, said, heard, seen, fault, toNode>> /\ NodeRest

\* An implementation is done, when it awaits nothing. Whether its reply needs memory is anybody's guess.
Reply(g) ==
  /\ Turn /\ answers[g] = "runs" /\ \A c \in Call : maker[c] = g => calls[c] = "settled"
  /\ answers' = [answers EXCEPT ![g] = "replies"] /\ heard' = TRUE
  /\ UNCHANGED <<calls, maker, queue, lent, bodies, node, said, seen, fault, toGo, toNode, space>> /\ NodeRest

\* Replies first; then calls that wait, first in, first out. A reply waits for room, or until Go has given back the memory
\* of another one.
Pump ==
  /\ Turn /\ heard
  /\ LET ready == {g \in GoCall : answers[g] = "replies"}
     IN IF ready # {} /\ ~said /\ (Cardinality(bodies) < MEMORY \/ ~HasRoom)
        THEN /\ IF HasRoom
                THEN \E g \in ready :
                       /\ toGo' = Append(toGo, AnEntry("REPLY", g))
                       /\ bodies' = IF Mutant("reply_frees_body") THEN bodies ELSE bodies \cup {g}
                       /\ answers' = [answers EXCEPT ![g] = "replied"]
                       /\ UNCHANGED <<heard, space>>
                ELSE space' = TRUE /\ heard' = FALSE /\ UNCHANGED <<toGo, bodies, answers>>
             /\ UNCHANGED <<calls, queue, lent>>
        ELSE /\ UNCHANGED <<bodies, answers>>
             /\ IF queue = <<>>
                THEN heard' = FALSE /\ UNCHANGED <<calls, queue, lent, toGo, space>>
                ELSE /\ Submit(Head(queue))
                     /\ IF toGo' # toGo
                        THEN queue' = Tail(queue) /\ calls' = [calls EXCEPT ![Head(queue)] = "flight"] /\ UNCHANGED heard
                        ELSE heard' = FALSE /\ UNCHANGED <<queue, calls>>
  /\ UNCHANGED <<maker, node, said, seen, fault, toNode>> /\ NodeRest

\* Channel.settle, Callbacks.take: one entry of a drain. After CLOSE nothing that Go calls is of interest.
NodeRead ==
  /\ nodealive /\ node # "closed" /\ seen < Len(toNode) /\ ~fault
  /\ LET e == toNode[seen + 1]
     IN CASE e.kind = "RESULT" ->
               /\ calls' = [calls EXCEPT ![e.n] = "settled"] /\ fault' = (calls[e.n] # "flight")
               /\ UNCHANGED <<answers, bodies>>
          [] e.kind = "CLOSE" -> fault' = (~said \/ InFlight # {}) /\ UNCHANGED <<calls, answers, bodies>>
          [] said -> UNCHANGED <<calls, answers, bodies, fault>>
          [] e.kind = "GOCALL" ->
               /\ answers' = [answers EXCEPT ![e.n] = "runs"] /\ fault' = (answers[e.n] # "none")
               /\ UNCHANGED <<calls, bodies>>
          [] e.kind = "GOCANCEL" ->
               \* Crossed with the reply: Go gives that back when it comes.
               /\ answers' = [answers EXCEPT ![e.n] = IF @ = "replied" THEN @ ELSE "dropped"]
               /\ bodies' = IF Mutant("cancel_frees_body") THEN bodies \ {e.n} ELSE bodies
               /\ UNCHANGED <<calls, fault>>
          [] e.kind = "GODONE" ->
               /\ bodies' = bodies \ {e.n} /\ fault' = (e.n \notin bodies)
               /\ UNCHANGED <<calls, answers>>
  /\ seen' = seen + 1
  /\ UNCHANGED <<maker, queue, lent, node, said, heard, toGo, toNode, space>> /\ NodeRest

\* Consumer.advance, at the end of a drain. Go's outbox hears of it: hand-shake 2, which module ring shows.
NodeAdvance ==
  /\ nodealive /\ node # "closed" /\ seen > 0
  /\ toNode' = SubSeq(toNode, seen + 1, Len(toNode)) /\ seen' = 0 /\ heard' = TRUE
  /\ UNCHANGED <<calls, maker, queue, lent, answers, bodies, node, said, fault, toGo, space>> /\ NodeRest

\* Hand-shake 4: CLOSE when nothing is in flight. Calls from Go are not waited for: Go fails them when it reads this.
Close == /\ CLOSES /\ Turn /\ node = "open" /\ node' = "draining" /\ heard' = TRUE
         /\ UNCHANGED <<calls, maker, queue, lent, answers, bodies, said, seen, fault, toGo, toNode, space>> /\ NodeRest
SendClose ==
  /\ Turn /\ node = "draining" /\ goalive /\ ~said /\ queue = <<>> /\ InFlight = {} /\ HasRoom
  /\ toGo' = Append(toGo, AnEntry("CLOSE", 0)) /\ said' = TRUE
  /\ answers' = [g \in GoCall |-> IF answers[g] \in {"runs", "replies"} THEN "dropped" ELSE answers[g]]
  /\ UNCHANGED <<calls, maker, queue, lent, bodies, node, heard, seen, fault, toNode, space>> /\ NodeRest

\* Go has ended, and what it had sent was read: Channel.finish. The region is thrown away whole.
Finish ==
  /\ nodealive /\ node # "closed" /\ ~goalive /\ (seen = Len(toNode) \/ fault)
  /\ calls' = [c \in Call |-> IF calls[c] = "new" THEN "new" ELSE "settled"]
  /\ queue' = <<>> /\ bodies' = {} /\ node' = "closed" /\ heard' = FALSE /\ seen' = 0
  /\ answers' = [g \in GoCall |-> "dropped"]
  /\ toGo' = <<>> /\ toNode' = <<>> /\ space' = FALSE
  /\ gocalls' = [g \in GoCall |-> "over"] /\ box' = <<>> /\ go' = "closed" /\ taken' = 0 /\ running' = {} /\ reader' = 0
  /\ caller' = [g \in GoCall |-> 0] /\ maker' = [c \in Call |-> 0]
  /\ UNCHANGED <<lent, said, fault, nodealive, goalive>>

-----------------------------------------------------------------------------
\* Go

GoRest == UNCHANGED <<calls, maker, queue, lent, answers, bodies, node, said, seen, nodealive, goalive>>
Post(entries) == box' = IF go = "open" THEN box \o entries ELSE box

\* server.read, unless a handler runs on that goroutine. A handler runs there or on one of its own.
Take ==
  /\ goalive /\ taken < Len(toGo) /\ reader = 0
  /\ LET e == toGo[taken + 1]
     IN CASE e.kind = "CALL" ->
               /\ running' = running \cup {e.n} /\ reader' \in {0, e.n}
               /\ UNCHANGED <<gocalls, box, go>>
          [] e.kind = "REPLY" ->
               \* Nobody waits any more: given back at once.
               /\ gocalls' = [gocalls EXCEPT ![e.n] = IF @ = "waits" THEN "reads" ELSE @]
               /\ Post(IF gocalls[e.n] = "waits" \/ Mutant("late_reply_kept") THEN <<>> ELSE <<AnEntry("GODONE", e.n)>>)
               /\ UNCHANGED <<running, reader, go>>
          [] e.kind = "CLOSE" ->
               /\ go' = "closing"
               /\ gocalls' = [g \in GoCall |-> IF gocalls[g] = "waits" /\ ~Mutant("close_leaves_callers") THEN "over" ELSE gocalls[g]]
               /\ box' = <<>>
               /\ UNCHANGED <<running, reader>>
  /\ taken' = taken + 1
  /\ UNCHANGED <<caller, heard, fault, toGo, toNode, space>> /\ GoRest

\* SYNC POINT: slots free.
Release ==
  /\ goalive /\ taken > 0
  /\ toGo' = SubSeq(toGo, taken + 1, Len(toGo)) /\ taken' = 0
  /\ heard' = (heard \/ space) /\ space' = FALSE
  /\ UNCHANGED <<gocalls, caller, box, go, running, reader, fault, toNode>> /\ GoRest

Busy(c) == \E g \in GoCall : caller[g] = c /\ gocalls[g] \in {"waits", "reads"}

\* NodeCall.Do: from a handler, or from a goroutine of nobody's. A handler on the goroutine that reads has another one
\* read meanwhile: standAside.
CallNode(g, c) ==
  /\ goalive /\ go = "open" /\ gocalls[g] = "new" /\ \A d \in 1 .. g - 1 : gocalls[d] # "new"
  /\ IF c = 0 THEN ALONE ELSE c \in running /\ ~Busy(c)
  /\ gocalls' = [gocalls EXCEPT ![g] = "waits"] /\ caller' = [caller EXCEPT ![g] = c]
  /\ Post(<<AnEntry("GOCALL", g)>>)
  /\ reader' = IF reader = c /\ ~Mutant("reader_waits") THEN 0 ELSE reader
  /\ UNCHANGED <<go, taken, running, heard, fault, toGo, toNode, space>> /\ GoRest

\* outbox: what has no room in Go's share waits, first in, first out.
Pass ==
  /\ goalive /\ box # <<>> /\ MayPost
  /\ toNode' = Append(toNode, Head(box)) /\ box' = Tail(box)
  /\ UNCHANGED <<gocalls, caller, go, taken, running, reader, heard, fault, toGo, space>> /\ GoRest

\* NodeCall.End: what the reply holds has been copied, and its memory is Node's again.
End(g) ==
  /\ goalive /\ gocalls[g] = "reads"
  /\ gocalls' = [gocalls EXCEPT ![g] = "over"]
  /\ Post(IF Mutant("godone_omitted") THEN <<>> ELSE <<AnEntry("GODONE", g)>>)
  /\ UNCHANGED <<caller, go, taken, running, reader, heard, fault, toGo, toNode, space>> /\ GoRest

\* NodeCall.giveUp: the context has ended. A call that is still in the box is never sent.
Cancel(g) ==
  /\ CANCELS /\ goalive /\ gocalls[g] = "waits"
  /\ gocalls' = [gocalls EXCEPT ![g] = "over"]
  /\ LET mine == AnEntry("GOCALL", g)
     IN IF \E i \in DOMAIN box : box[i] = mine
        THEN box' = SelectSeq(box, LAMBDA e : e # mine)
        ELSE Post(IF Mutant("gives_up_in_silence") THEN <<>> ELSE <<AnEntry("GOCANCEL", g)>>)
  /\ UNCHANGED <<caller, go, taken, running, reader, heard, fault, toGo, toNode, space>> /\ GoRest

\* completer.push.
Complete(c) ==
  /\ goalive /\ c \in running /\ ~Busy(c) /\ Len(toNode) < TO_NODE
  /\ toNode' = Append(toNode, AnEntry("RESULT", c))
  /\ running' = running \ {c} /\ reader' = IF reader = c THEN 0 ELSE reader
  /\ UNCHANGED <<gocalls, caller, box, go, taken, heard, fault, toGo, space>> /\ GoRest

GoClose ==
  /\ goalive /\ go = "closing" /\ running = {} /\ Len(toNode) < TO_NODE
  /\ toNode' = Append(toNode, AnEntry("CLOSE", 0)) /\ go' = "closed"
  /\ UNCHANGED <<gocalls, caller, box, taken, running, reader, heard, fault, toGo, space>> /\ GoRest

\* The program ends after CLOSE; and whenever its host is gone.
Exit == /\ goalive /\ (go = "closed" \/ ~nodealive) /\ goalive' = FALSE
        /\ UNCHANGED <<nodevars, govars, fault, toGo, toNode, space, nodealive>>

Die == /\ DEATH
       /\ \/ goalive /\ goalive' = FALSE /\ UNCHANGED nodealive
          \/ nodealive /\ node # "closed" /\ nodealive' = FALSE /\ UNCHANGED goalive
       /\ UNCHANGED <<nodevars, govars, fault, toGo, toNode, space>>

-----------------------------------------------------------------------------

\* Nobody waits for anything.
Quiet == /\ toGo = <<>> /\ toNode = <<>> /\ box = <<>>
         /\ \A c \in Call : calls[c] \in {"new", "settled"}
         /\ \A g \in GoCall : gocalls[g] \in {"new", "over"}

\* The two ways to stand still.
Finished == (~nodealive \/ node = "closed" \/ (node = "open" /\ Quiet)) /\ UNCHANGED vars

Init ==
  /\ calls = [c \in Call |-> "new"] /\ maker = [c \in Call |-> 0] /\ queue = <<>> /\ lent = FALSE
  /\ gocalls = [g \in GoCall |-> "new"] /\ caller = [g \in GoCall |-> 0] /\ box = <<>>
  /\ answers = [g \in GoCall |-> "none"] /\ bodies = {}
  /\ node = "open" /\ said = FALSE /\ heard = FALSE /\ seen = 0 /\ fault = FALSE
  /\ toGo = <<>> /\ toNode = <<>> /\ space = FALSE
  /\ go = "open" /\ taken = 0 /\ running = {} /\ reader = 0
  /\ nodealive = TRUE /\ goalive = TRUE

NodeMust == (\E g \in GoCall : Reply(g)) \/ Pump \/ NodeRead \/ NodeAdvance \/ SendClose \/ Finish
GoMust == Take \/ Release \/ Pass \/ (\E g \in GoCall : End(g)) \/ (\E c \in Call : Complete(c)) \/ GoClose \/ Exit
May == \/ \E c \in Call : \E g \in GoCall \cup {0} : Make(c, g)
       \/ \E g \in GoCall : Cancel(g) \/ \E c \in Call \cup {0} : CallNode(g, c)
       \/ Close \/ Die

Next == NodeMust \/ GoMust \/ May \/ Finished

\* Nobody has to call, to give up, to close or to die; implementations and handlers return in the end.
Spec == Init /\ [][Next]_vars /\ WF_vars(NodeMust) /\ WF_vars(GoMust)

-----------------------------------------------------------------------------
\* What must hold

TypeOK == Len(toGo) <= TO_GO /\ Len(toNode) <= TO_NODE /\ taken <= Len(toGo) /\ seen <= Len(toNode) /\ reader \in {0} \cup running

\* Every call settles by its one completion; no call from Go comes twice; nothing is given back that is not held.
Honest == ~fault

\* A handler that has finished never waits for room, unless calls have been lent a place.
NeverWaits == (goalive /\ nodealive /\ ~lent /\ \E c \in running : ~Busy(c)) => Len(toNode) < TO_NODE

\* What Go reads of a reply, or will, is still held by Node.
Held == (goalive /\ nodealive /\ go = "open") =>
          /\ \A g \in GoCall : gocalls[g] = "reads" => g \in bodies
          /\ \A i \in taken + 1 .. Len(toGo) : toGo[i].kind = "REPLY" => toGo[i].n \in bodies

\* And given back in the end.
AllFreed == (goalive /\ node = "open" /\ Quiet) => bodies = {} /\ \A g \in GoCall : answers[g] \in {"none", "replied", "dropped"}

\* CLOSE is the last entry, in either direction, and nobody in Go waits behind it.
Last(ring) == \A i \in DOMAIN ring : ring[i].kind = "CLOSE" => i = Len(ring)
CloseIsLast == Last(toGo) /\ Last(toNode) /\ (go = "closed" => \A g \in GoCall : gocalls[g] # "waits")

\* After the end nothing is open.
AllSettled == node = "closed" => \A c \in Call : calls[c] \in {"new", "settled"}

Settled == \A c \in Call : calls[c] \in {"queued", "flight"} ~> (calls[c] = "settled" \/ ~nodealive)
Returned == \A g \in GoCall : gocalls[g] = "waits" ~> (gocalls[g] # "waits" \/ ~goalive)
Closed == (node = "draining") ~> (node = "closed" \/ ~nodealive)
=============================================================================
