------------------------------- MODULE places -------------------------------
(***************************************************************************)
(* Who gets places in ring toNode: calls, which take one each and end by   *)
(* themselves, and calls with streams, which take many and keep them for   *)
(* as long as they are open. A reader may await a call for each batch.     *)
(*                                                                         *)
(* Rings, credit and Go are in module streams. Here a step is one decision *)
(* of Node's: a call is made, is admitted, waits, or has ended.            *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  CAPACITY,    \* places
  SHARE,       \* of those, how many streams leave to calls
  TAKES,       \* places that a stream takes, its completion's among them
  STREAMS,     \* streams at once at most
  CALLS,       \* calls at once at most, besides those that readers await
  BATCHES,     \* batches of a stream, for each of which its reader awaits a call
  MUTANT       \* "none", or which step is broken

ASSUME {CAPACITY, SHARE, TAKES, STREAMS, CALLS, BATCHES} \subseteq Nat \ {0} /\ TAKES + SHARE <= CAPACITY

VARIABLES
  calls,       \* "none", "queued", "flight"
  streams,     \* the same
  left,        \* batches that the reader of each has not read
  queue,       \* those that wait for places
  gathering,   \* the first stream that waits does so only for calls to end
  passers,     \* calls in flight that were admitted since
  heard        \* something has happened for which what waits is looked at again

vars == <<calls, streams, left, queue, gathering, passers, heard>>

Mutant(m) == MUTANT = m

\* Call s is the one that the reader of stream s awaits.
Stream == 1 .. STREAMS
Call == 1 .. STREAMS + CALLS

ACall(c) == [kind |-> "call", n |-> c]
AStream(s) == [kind |-> "stream", n |-> s]
Open == {s \in Stream : streams[s] = "flight"}
OfStreams == TAKES * Cardinality(Open)
Free == CAPACITY - OfStreams - Cardinality({c \in Call : calls[c] = "flight"})

\* Where the first of a kind stands in the queue; 0: nowhere.
First(kind) == IF \E i \in DOMAIN queue : queue[i].kind = kind
               THEN CHOOSE i \in DOMAIN queue : queue[i].kind = kind /\ \A j \in 1 .. i - 1 : queue[j].kind # kind
               ELSE 0
Without(i) == SubSeq(queue, 1, i - 1) \o SubSeq(queue, i + 1, Len(queue))

-----------------------------------------------------------------------------
\* The rule: Slots.admits, Slots.full

LeavesShare == OfStreams + TAKES + (IF Mutant("stream_takes_share") THEN 0 ELSE SHARE) <= CAPACITY
StreamFits == LeavesShare /\ Free >= TAKES

\* While a stream gathers places, as many calls pass it at a time as streams leave to calls anyway: the places of all
\* others that end are the stream's.
CallFits(gathers, passing) == Free > 0 /\ ((gathers /\ ~Mutant("all_pass")) => Cardinality(passing) < SHARE)

\* A call passes streams that wait for places; nothing passes a call.
NothingBefore == \A i \in DOMAIN queue : queue[i].kind = "stream" /\ ~Mutant("none_passes")

-----------------------------------------------------------------------------

\* The program makes a call, or a reader does for a batch.
Make(c) ==
  /\ calls[c] = "none" /\ (c \in Stream => streams[c] = "flight" /\ left[c] > 0)
  /\ IF NothingBefore /\ CallFits(gathering, passers)
     THEN /\ calls' = [calls EXCEPT ![c] = "flight"] /\ UNCHANGED queue
          /\ passers' = IF gathering THEN passers \cup {c} ELSE passers
     ELSE calls' = [calls EXCEPT ![c] = "queued"] /\ queue' = Append(queue, ACall(c)) /\ UNCHANGED passers
  /\ UNCHANGED <<streams, left, gathering, heard>>

OpenStream(s) ==
  /\ streams[s] = "none" /\ calls[s] = "none"
  /\ left' = [left EXCEPT ![s] = BATCHES]
  /\ IF queue = <<>> /\ StreamFits
     THEN streams' = [streams EXCEPT ![s] = "flight"] /\ UNCHANGED <<queue, gathering>>
     ELSE /\ streams' = [streams EXCEPT ![s] = "queued"] /\ queue' = Append(queue, AStream(s))
          /\ gathering' = IF queue = <<>> THEN LeavesShare ELSE gathering
  /\ UNCHANGED <<calls, passers, heard>>

\* SpawnTransport.pump, one look: the first that waits, and where that is a stream, the first call behind it.
Pump ==
  /\ heard
  /\ LET stream == queue # <<>> /\ Head(queue).kind = "stream"
         gathers == stream /\ ~StreamFits /\ LeavesShare
         passing == IF gathers /\ gathering THEN passers ELSE {}
         i == IF Mutant("none_passes") /\ stream THEN 0 ELSE First("call")
     IN /\ gathering' = gathers
        /\ IF stream /\ StreamFits
           THEN /\ streams' = [streams EXCEPT ![Head(queue).n] = "flight"] /\ queue' = Tail(queue)
                /\ passers' = {}
                /\ UNCHANGED <<calls, heard>>
           ELSE /\ UNCHANGED streams
                /\ IF i # 0 /\ CallFits(gathers, passing)
                   THEN /\ calls' = [calls EXCEPT ![queue[i].n] = "flight"] /\ queue' = Without(i)
                        /\ passers' = IF gathers THEN passing \cup {queue[i].n} ELSE {}
                        /\ UNCHANGED heard
                   ELSE heard' = FALSE /\ passers' = passing /\ UNCHANGED <<calls, queue>>
  /\ UNCHANGED left

\* Its completion was read.
End(c) ==
  /\ calls[c] = "flight"
  /\ calls' = [calls EXCEPT ![c] = "none"] /\ passers' = passers \ {c} /\ heard' = TRUE
  /\ left' = IF c \in Stream /\ left[c] > 0 THEN [left EXCEPT ![c] = @ - 1] ELSE left
  /\ UNCHANGED <<streams, queue, gathering>>

EndStream(s) ==
  /\ streams[s] = "flight" /\ left[s] = 0
  /\ streams' = [streams EXCEPT ![s] = "none"] /\ heard' = TRUE
  /\ UNCHANGED <<calls, left, queue, gathering, passers>>

\* A stream is given up while it waits. If it was the first that does, nobody gathers for it any more.
GiveUp(s) ==
  /\ streams[s] = "queued"
  /\ streams' = [streams EXCEPT ![s] = "none"] /\ left' = [left EXCEPT ![s] = 0]
  /\ LET at == CHOOSE i \in DOMAIN queue : queue[i] = AStream(s)
         first == at = First("stream")
     IN /\ queue' = Without(at)
        /\ gathering' = (gathering /\ (~first \/ Mutant("giving_up_gathers")))
        /\ passers' = IF first THEN {} ELSE passers
        /\ heard' = (heard \/ (first /\ ~Mutant("gives_up_unheard")))
  /\ UNCHANGED calls

-----------------------------------------------------------------------------

Init ==
  /\ calls = [c \in Call |-> "none"] /\ streams = [s \in Stream |-> "none"] /\ left = [s \in Stream |-> 0]
  /\ queue = <<>> /\ gathering = FALSE /\ passers = {} /\ heard = FALSE

\* Any number of times: the program never stops to call.
Next == \/ Pump
        \/ \E c \in Call : Make(c) \/ End(c)
        \/ \E s \in Stream : OpenStream(s) \/ EndStream(s) \/ GiveUp(s)

\* Calls end, readers read on. Nobody has to call or to give up.
Spec == /\ Init /\ [][Next]_vars /\ WF_vars(Pump)
        /\ \A c \in Call : WF_vars(End(c))
        /\ \A s \in Stream : WF_vars(Make(s)) /\ WF_vars(EndStream(s))

-----------------------------------------------------------------------------
\* What must hold

TypeOK == /\ Free >= 0 /\ \A c \in passers : calls[c] = "flight"
          /\ Len(queue) = Cardinality({c \in Call : calls[c] = "queued"}) + Cardinality({s \in Stream : streams[s] = "queued"})

\* Something ends for which those that wait are looked at again, whatever readers await.
Moves == queue # <<>> => \/ heard \/ \E c \in Call : calls[c] = "flight"
                         \/ \E s \in Open : calls[s] = "none"

\* Who could go, goes.
NoneForgotten == heard \/ queue = <<>> \/
                   /\ ~(Head(queue).kind = "stream" /\ StreamFits)
                   /\ ~(First("call") # 0 /\ CallFits(gathering, passers))

\* Beside those that were in flight already, few are: the stream gets its places as these end.
FewPass == gathering => Cardinality(passers) <= SHARE

\* Calls are held back for a stream that waits.
ForSomebody == gathering => First("stream") # 0

Called == \A c \in Call : calls[c] = "queued" ~> calls[c] # "queued"
Opened == \A s \in Stream : streams[s] = "queued" ~> streams[s] # "queued"
=============================================================================
