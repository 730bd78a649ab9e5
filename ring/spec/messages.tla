------------------------------- MODULE messages -------------------------------
(***************************************************************************)
(* A queue of messages: records of one unit (8 bytes) or more, each in one *)
(* piece, with a padding record where one does not fit before the end.     *)
(*                                                                         *)
(* Accesses are sequentially consistent here, and each record is published *)
(* by itself: what becomes of others, how a consumer sleeps, and how a     *)
(* queue ends, module ring shows. What differs here is hand-shake 2: the   *)
(* producer waits for as many units as it needs, the consumer frees some.  *)
(* A unit carries its own index, by which the consumer knows it.           *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS
  CAPACITY,    \* units in the ring
  MODULUS,     \* where indices wrap: a multiple of CAPACITY, at least twice
  LONGEST,     \* units of the longest record, its header among them
  GIVES_UP,    \* whether a claim may be aborted, and waiting be given up
  SPURIOUS,    \* whether doorbells ring and sleeps end for no reason
  MUTANT       \* "none", or which step is broken

ASSUME /\ CAPACITY \in Nat \ {0} /\ MODULUS % CAPACITY = 0 /\ MODULUS >= 2 * CAPACITY
       /\ LONGEST \in 1 .. CAPACITY \div 2
       /\ {GIVES_UP, SPURIOUS} \subseteq BOOLEAN

VARIABLES
  units,       \* what lies in the ring
  tail, head, space,
  pbell,       \* the eventfd on which the producer sleeps
  p, c,        \* private memory and place in the code
  fault        \* the consumer has read something else than the next record

shared == <<units, tail, head, space, pbell, fault>>
vars == <<shared, p, c>>

Index == 0 .. MODULUS - 1
Plus(i, n) == (i + n) % MODULUS
Ahead(of, by) == (of + MODULUS - by) % MODULUS
Position(i) == i % CAPACITY
ToTheEnd(i) == CAPACITY - Position(i)

Mutant(m) == MUTANT = m

Free == [kind |-> "free", length |-> 0, index |-> 0]
Put(kind, length, i) == [kind |-> kind, length |-> length, index |-> i]

\* The ring with n units from i on written.
Written(in, first, rest, n, i) ==
  [u \in 0 .. CAPACITY - 1 |->
     LET k == (u + CAPACITY - Position(i)) % CAPACITY
     IN IF k < n THEN Put(IF k = 0 THEN first ELSE rest, n, Plus(i, k)) ELSE in[u]]

-----------------------------------------------------------------------------
\* The producer

PAt(pc) == p.pc = pc
PGo(pc) == p' = [p EXCEPT !.pc = pc]

Padding(n) == IF n > ToTheEnd(p.tail) THEN ToTheEnd(p.tail) ELSE 0
Need(n) == n + (IF Mutant("padding_not_counted") THEN 0 ELSE Padding(n))
RoomAt(h) == CAPACITY - Ahead(p.tail, h) >= Need(p.length)

Longest == IF Mutant("longer_than_half") THEN LONGEST + 1 ELSE LONGEST

\* MessageProducer.tryClaim, push: the cached copy of head says whether there is room.
PClaim == /\ PAt("idle")
          /\ \E n \in 1 .. Longest :
               p' = [p EXCEPT !.length = n,
                             !.pc = IF CAPACITY - Ahead(p.tail, p.head) >= Need(n) THEN "write" ELSE "look"]
          /\ UNCHANGED <<shared, c>>
PAbort == /\ GIVES_UP /\ p.pc \in {"write", "wait"}
          /\ p' = [p EXCEPT !.length = 0, !.pc = "idle"]
          /\ UNCHANGED <<shared, c>>

\* commit: the padding and the record behind it, published together.
PWrite == /\ PAt("write")
          /\ LET padding == Padding(p.length)
                 padded == Written(units, "padding", "rest", padding, p.tail)
                 at == Plus(p.tail, padding)
             IN IF padding > 0 /\ Mutant("padding_published_alone")
                THEN /\ units' = padded
                     /\ p' = [p EXCEPT !.tail = at, !.pc = "publish"]
                ELSE /\ units' = Written(padded, "record", "data", p.length, at)
                     /\ p' = [p EXCEPT !.tail = Plus(at, p.length), !.length = 0, !.pc = "publish"]
          /\ UNCHANGED <<tail, head, space, pbell, c, fault>>

\* SYNC POINT: slots free.
PLook == /\ PAt("look")
         /\ p' = [p EXCEPT !.head = head, !.woken = FALSE,
                           !.pc = IF RoomAt(head) THEN "write"
                                  ELSE IF p.woken /\ Mutant("waits_without_flag") THEN "wait" ELSE "flag"]
         /\ UNCHANGED <<shared, c>>

\* SYNC POINT: producer waits. For as many units as it needs: before every wait, since room may come piece by piece.
PFlag == PAt("flag") /\ space' = 1 /\ PGo("recheck") /\ UNCHANGED <<units, tail, head, pbell, fault, c>>

\* SYNC POINT: slots free.
PRecheck == /\ PAt("recheck")
            /\ PGo(IF RoomAt(head) THEN "clear" ELSE "wait")
            /\ UNCHANGED <<shared, c>>
PClear == PAt("clear") /\ space' = 0 /\ PGo("look") /\ UNCHANGED <<units, tail, head, pbell, fault, c>>
PWait == /\ PAt("wait") /\ pbell = 1
         /\ pbell' = 0 /\ p' = [p EXCEPT !.woken = Mutant("waits_without_flag"), !.pc = "look"]
         /\ UNCHANGED <<units, tail, head, space, fault, c>>

\* SYNC POINT: entries visible. With a length still there only the padding was published.
PPublish == /\ PAt("publish")
            /\ tail' = p.tail
            /\ PGo(IF p.length = 0 THEN "idle" ELSE "look")
            /\ UNCHANGED <<units, head, space, pbell, fault, c>>

PMust == PWrite \/ PPublish \/ PLook \/ PFlag \/ PRecheck \/ PClear \/ PWait

-----------------------------------------------------------------------------
\* The consumer

CAt(pc) == c.pc = pc
CGo(pc) == c' = [c EXCEPT !.pc = pc]

Available == Ahead(c.tail, c.head)

\* SYNC POINT: entries visible. Without records it sleeps here, once what it has read is released.
CLook == /\ CAt("look")
         /\ \/ tail # c.head /\ c' = [c EXCEPT !.tail = tail, !.pc = "read"]
            \/ tail = c.head /\ c.head # c.freed /\ ~Mutant("sleeps_unreleased") /\ CGo("release")
         /\ UNCHANGED <<shared, p>>

\* The length is read once; behind a padding there is a record. Units are given back after each record, or after many.
CRead == /\ CAt("read")
         /\ LET header == units[Position(c.head)]
                n == header.length
                next == Plus(c.head, n)
                whole == \A k \in 0 .. n - 1 : units[(Position(c.head) + k) % CAPACITY].index = Plus(c.head, k)
                good == CASE header.kind = "padding" -> n = ToTheEnd(c.head) /\ n < Available /\ whole
                          [] header.kind = "record" -> n <= ToTheEnd(c.head) /\ n <= Available /\ whole
                          [] OTHER -> FALSE
            IN IF ~good THEN fault' = TRUE /\ UNCHANGED c
               ELSE /\ UNCHANGED fault
                    /\ \E to \in {"release", IF next = c.tail THEN "look" ELSE "read"} :
                         c' = [c EXCEPT !.head = next, !.pc = to, !.tail = IF to = "read" THEN @ ELSE next]
         /\ UNCHANGED <<units, tail, head, space, pbell, p>>

\* SYNC POINT: slots free. What lies in free units is nobody's business, and forgotten, which saves states.
CRelease == /\ CAt("release")
            /\ head' = c.head
            /\ units' = [u \in 0 .. CAPACITY - 1 |->
                           IF (u + CAPACITY - Position(c.freed)) % CAPACITY < Ahead(c.head, c.freed)
                           THEN IF units[u].index % CAPACITY = u /\ Ahead(units[u].index, c.freed) < Ahead(c.head, c.freed)
                                THEN Free ELSE units[u]
                           ELSE units[u]]
            /\ c' = [c EXCEPT !.freed = c.head, !.pc = "wake"]
            /\ UNCHANGED <<tail, space, pbell, fault, p>>

\* SYNC POINT: producer waits. The load before the exchange only saves an exchange.
CWake == /\ CAt("wake") /\ space' = 0 /\ CGo(IF space = 0 THEN "look" ELSE "ring")
         /\ UNCHANGED <<units, tail, head, pbell, fault, p>>
CRing == /\ CAt("ring") /\ pbell' = 1 /\ CGo("look")
         /\ UNCHANGED <<units, tail, head, space, fault, p>>

CMust == CLook \/ CRead \/ CRelease \/ CWake \/ CRing

-----------------------------------------------------------------------------
\* The world

Disturb == /\ SPURIOUS
           /\ \/ pbell = 0 /\ pbell' = 1 /\ UNCHANGED p
              \/ PAt("wait") /\ PGo("look") /\ UNCHANGED pbell
           /\ UNCHANGED <<units, tail, head, space, c, fault>>

\* The one way to stand still: there is nothing to read, and nothing to write.
Finished == PAt("idle") /\ CAt("look") /\ tail = c.head /\ c.head = c.freed /\ UNCHANGED vars

\* Indices begin just before they wrap.
Start == MODULUS - 1

Init == /\ units = [u \in 0 .. CAPACITY - 1 |-> Free]
        /\ tail = Start /\ head = Start /\ space = 0 /\ pbell = 0
        /\ p = [pc |-> "idle", tail |-> Start, head |-> Start, length |-> 0, woken |-> FALSE]
        /\ c = [pc |-> "look", head |-> Start, tail |-> Start, freed |-> Start]
        /\ fault = FALSE

Next == PClaim \/ PAbort \/ PMust \/ CMust \/ Disturb \/ Finished

\* Who has begun goes on; nothing has to be sent.
Spec == Init /\ [][Next]_vars /\ WF_vars(PMust) /\ WF_vars(CMust)

-----------------------------------------------------------------------------
\* What must hold

TypeOK == /\ {p.tail, p.head, c.head, c.tail, c.freed, tail, head} \subseteq Index
          /\ p.length \in 0 .. Longest /\ {pbell, space} \subseteq 0 .. 1

\* Records are read in order and whole, none lost, none twice, and a padding never stands alone.
Fifo == ~fault

\* No unit is written while it is unread.
Intact == \A k \in Index : k < Ahead(tail, c.head) => units[Position(Plus(c.head, k))].index = Plus(c.head, k)

\* Neither side ever sees an index where it could not be.
Sound == Ahead(tail, c.head) <= CAPACITY /\ Ahead(p.tail, head) <= CAPACITY /\ Ahead(p.tail, head) <= Ahead(p.tail, p.head)

\* A producer that waits while there is room for its message is about to be woken.
ProducerWoken == (PAt("wait") /\ pbell = 0 /\ RoomAt(head)) => c.pc \in {"wake", "ring"}

\* A message that was begun gets through.
GetsThrough == (p.length # 0) ~> (p.length = 0)
=============================================================================
