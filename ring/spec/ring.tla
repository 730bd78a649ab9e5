-------------------------------- MODULE ring --------------------------------
(***************************************************************************)
(* One ring between two processes: hand-shakes 1 and 2 of the protocol.    *)
(*                                                                         *)
(* A step is one access to shared memory, with the store buffer of either  *)
(* processor in between. The run never ends by itself: indices wrap, so    *)
(* the states are finitely many although the entries are not. An entry     *)
(* carries its own index, by which the consumer knows it.                  *)
(*                                                                         *)
(* The words have the protocol's names. SYNC POINTs are the same here, in  *)
(* ring/src, ring/native and go/memring; README.md maps step to function.  *)
(***************************************************************************)
EXTENDS Naturals, Sequences

CONSTANTS
  CAPACITY,    \* entries in the ring
  MODULUS,     \* where indices wrap: a multiple of CAPACITY, at least twice
  ROOM,        \* entries that the producer may have out: CAPACITY, or fewer where their bodies need memory
  WAITS_FOR,   \* "slot": Producer.waitForSpace; "progress": completer.wait, which wants any move of head
  MEMORY,      \* "TSO": a store buffer is a queue; "PSO": stores to different words overtake each other
  BELL_DRAINS, \* whether ringing, a system call, empties the store buffer on its way
  SPURIOUS,    \* whether doorbells ring and sleeps end for no reason
  DEATH,       \* whether either side may die, at any step
  MUTANT       \* "none", or which step is broken

ASSUME /\ CAPACITY \in Nat \ {0}
       /\ ROOM \in 1..CAPACITY
       /\ MODULUS % CAPACITY = 0 /\ MODULUS >= 2 * CAPACITY
       /\ WAITS_FOR \in {"slot", "progress"} /\ MEMORY \in {"TSO", "PSO"}
       /\ {BELL_DRAINS, SPURIOUS, DEATH} \subseteq BOOLEAN

VARIABLES
  mem,         \* what all processors agree on
  pbuf, cbuf,  \* stores of the producer, of the consumer, that nobody else sees yet
  pbell, cbell,\* the doorbells, eventfds: on pbell the producer sleeps, on cbell the consumer
  p, c,        \* private memory and place in the code
  palive, calive,
  fault        \* the consumer has read something else than the next entry

vars == <<mem, pbuf, cbuf, pbell, cbell, p, c, palive, calive, fault>>

Index == 0 .. MODULUS - 1
Next1(i) == (i + 1) % MODULUS
Ahead(of, by) == (of + MODULUS - by) % MODULUS

TAIL == <<"tail", 0>>
HEAD == <<"head", 0>>
SLEEPING == <<"sleeping", 0>>
SPACE == <<"space", 0>>
Entry(i) == <<"entry", i % CAPACITY>>
Words == {TAIL, HEAD, SLEEPING, SPACE} \cup {Entry(i) : i \in Index}

\* An entry is its index, and whether it is the last one: CLOSE.
Content(i, last) == IF last THEN i + MODULUS ELSE i

Mutant(m) == MUTANT = m
Unless(m, order) == IF Mutant(m) THEN "release" ELSE order

-----------------------------------------------------------------------------
\* Memory

Newest(buf, a) == LET at == {i \in DOMAIN buf : buf[i].a = a}
                  IN IF at = {} THEN mem[a] ELSE buf[CHOOSE i \in at : \A j \in at : j <= i].v
PLoad(a) == Newest(pbuf, a)
CLoad(a) == Newest(cbuf, a)

Stored(buf, order, a, v) == Append(buf, [a |-> a, v |-> v, release |-> order = "release"])

\* A sequentially consistent store is over when everybody sees it, with all that was stored before.
PStore(order, a, v) ==
  IF order = "seq_cst" THEN pbuf = <<>> /\ mem' = [mem EXCEPT ![a] = v] /\ UNCHANGED pbuf
                       ELSE pbuf' = Stored(pbuf, order, a, v) /\ UNCHANGED mem
CStore(order, a, v) ==
  IF order = "seq_cst" THEN cbuf = <<>> /\ mem' = [mem EXCEPT ![a] = v] /\ UNCHANGED cbuf
                       ELSE cbuf' = Stored(cbuf, order, a, v) /\ UNCHANGED mem

\* An exchange is one step, and empties the buffer first.
PExchange(a, v) == PStore("seq_cst", a, v)
CExchange(a, v) == CStore("seq_cst", a, v)

\* Which stores of a buffer may be seen next.
Ready(buf) == {i \in DOMAIN buf : \/ i = 1
                                  \/ /\ MEMORY = "PSO"
                                     /\ ~buf[i].release
                                     /\ \A j \in 1 .. i - 1 : buf[j].a # buf[i].a}
Without(buf, i) == SubSeq(buf, 1, i - 1) \o SubSeq(buf, i + 1, Len(buf))

\* Also after the death of who stored: what was retired will be seen.
PDrain == \E i \in Ready(pbuf) : /\ mem' = [mem EXCEPT ![pbuf[i].a] = pbuf[i].v]
                                 /\ pbuf' = Without(pbuf, i)
                                 /\ UNCHANGED <<cbuf, pbell, cbell, p, c, palive, calive, fault>>
CDrain == \E i \in Ready(cbuf) : /\ mem' = [mem EXCEPT ![cbuf[i].a] = cbuf[i].v]
                                 /\ cbuf' = Without(cbuf, i)
                                 /\ UNCHANGED <<pbuf, pbell, cbell, p, c, palive, calive, fault>>

\* The count of an eventfd means nothing; it is bounded here, as the kernel bounds it elsewhere.
Rung(bell) == IF bell < 2 THEN bell + 1 ELSE bell

-----------------------------------------------------------------------------
\* The producer

PAt(pc) == palive /\ p.pc = pc
PGo(pc) == p' = [p EXCEPT !.pc = pc]
POnly == UNCHANGED <<cbuf, pbell, cbell, c, palive, calive, fault>>
PQuiet == POnly /\ UNCHANGED <<mem, pbuf>>

Out == Ahead(p.tail, p.head)
Unpublished == p.tail # p.pub

\* Producer.claim and what the caller writes; Push. The last entry is CLOSE.
PWrite == /\ PAt("idle") /\ ~p.closed /\ Out < ROOM
          /\ \E last \in BOOLEAN :
               /\ PStore("plain", Entry(p.tail), Content(p.tail, last))
               /\ p' = [p EXCEPT !.tail = Next1(p.tail), !.closed = last]
          /\ POnly

\* The cached copy of head says full.
PFull == PAt("idle") /\ ~p.closed /\ Out = ROOM /\ PGo("look") /\ PQuiet

PTryPublish == PAt("idle") /\ Unpublished /\ PGo("publish") /\ PQuiet

\* Where a producer goes that has found no room. It publishes before it waits, now or after it has set the flag.
NoRoom == {IF Mutant("space_after_recheck") THEN "recheck"
           ELSE IF Mutant("late_look") THEN "before" ELSE "flag"}
          \cup (IF Unpublished THEN {"publish"} ELSE {})

\* SYNC POINT: slots free. Producer.lookAgain; Producer.Head; completer.reclaim.
PLook == /\ PAt("look")
         /\ LET head == PLoad(HEAD) IN
            \E to \in IF Ahead(p.tail, head) < ROOM THEN {"idle"} ELSE NoRoom :
               p' = [p EXCEPT !.head = head, !.seen = IF to = "idle" THEN 0 ELSE head, !.pc = to]
         /\ PQuiet

\* The mutant: what counts as progress is what comes after this, though nobody has acted on what came before.
PBefore == PAt("before") /\ p' = [p EXCEPT !.seen = PLoad(HEAD), !.pc = "flag"] /\ PQuiet

\* SYNC POINT: producer waits. Producer.waitForSpace; Producer.AskForSpace.
PFlag == /\ PAt("flag")
         /\ PStore(Unless("release_space", "seq_cst"), SPACE, 1)
         /\ PGo(IF Mutant("no_recheck_space") \/ Mutant("space_after_recheck")
                THEN IF Unpublished THEN "publish_wait" ELSE "wait"
                ELSE "recheck")
         /\ POnly

\* SYNC POINT: slots free. The second look, which the flag announces.
PRecheck == /\ PAt("recheck")
            /\ LET head == PLoad(HEAD)
                   room == IF WAITS_FOR = "slot" THEN Ahead(p.tail, head) < ROOM ELSE head # p.seen
                   to == CASE room /\ WAITS_FOR = "slot" -> "clear"
                           [] room /\ WAITS_FOR = "progress" -> "look"
                           [] ~room /\ Mutant("space_after_recheck") -> "flag"
                           [] OTHER -> IF Unpublished THEN "publish_wait" ELSE "wait"
               IN p' = [p EXCEPT !.head = IF room /\ WAITS_FOR = "slot" THEN head ELSE p.head, !.seen = 0, !.pc = to]
            /\ PQuiet

PClear == PAt("clear") /\ PStore("seq_cst", SPACE, 0) /\ PGo("idle") /\ POnly

\* Its own doorbell, or the end of the control socket. The kernel's end-of-file comes after all that was stored.
PWait == /\ PAt("wait") /\ pbell > 0
         /\ pbell' = 0 /\ PGo("look")
         /\ UNCHANGED <<mem, pbuf, cbuf, cbell, c, palive, calive, fault>>
PPeerDied == /\ palive /\ p.pc \in {"wait", "idle"} /\ ~calive /\ cbuf = <<>>
             /\ PGo("stopped") /\ PQuiet

\* SYNC POINT: entries visible. Producer.publish; Producer.Publish.
PPublish == /\ palive /\ p.pc \in {"publish", "publish_wait"}
            /\ PStore(Unless("release_tail", "seq_cst"), TAIL, p.tail)
            /\ p' = [p EXCEPT !.pub = p.tail, !.pc = "asleep", !.then = IF p.pc = "publish" THEN "idle" ELSE "wait"]
            /\ POnly

Back == [p EXCEPT !.pc = p.then, !.then = "idle"]

\* SYNC POINT: consumer asleep. The load, and only if it says so the exchange.
PAsleep == /\ PAt("asleep")
           /\ p' = IF PLoad(SLEEPING) = 0 THEN Back
                   ELSE [p EXCEPT !.pc = IF Mutant("plain_after_bell") THEN "ring" ELSE "wake"]
           /\ PQuiet
PWake == /\ PAt("wake")
         /\ IF Mutant("plain_before_bell")
            THEN PStore("plain", SLEEPING, 0) /\ PGo("ring")
            ELSE /\ PExchange(SLEEPING, 0)
                 /\ p' = IF mem[SLEEPING] = 0 THEN Back ELSE [p EXCEPT !.pc = "ring"]
         /\ POnly
PRing == /\ PAt("ring")
         /\ BELL_DRAINS => pbuf = <<>>
         /\ cbell' = Rung(cbell)
         /\ p' = IF Mutant("plain_after_bell") THEN [p EXCEPT !.pc = "unset"] ELSE Back
         /\ UNCHANGED <<mem, pbuf, cbuf, pbell, c, palive, calive, fault>>
PUnset == PAt("unset") /\ PStore("plain", SLEEPING, 0) /\ p' = Back /\ POnly

\* What the producer does once it has begun, and what it only may do.
PMust == \/ PTryPublish \/ PFull \/ PLook \/ PBefore \/ PFlag \/ PRecheck \/ PClear \/ PWait \/ PPeerDied
         \/ PPublish \/ PAsleep \/ PWake \/ PRing \/ PUnset

-----------------------------------------------------------------------------
\* The consumer

CAt(pc) == calive /\ c.pc = pc
CGo(pc) == c' = [c EXCEPT !.pc = pc]
COnly == UNCHANGED <<pbuf, pbell, cbell, p, palive, calive, fault>>
CQuiet == COnly /\ UNCHANGED <<mem, cbuf>>

Unreleased == c.head # c.freed

\* SYNC POINT: entries visible. Consumer.available, HasEntries; Consumer.Pop, Ready. What was read is released before
\* anything sleeps.
CLook == /\ CAt("look")
         /\ LET tail == CLoad(TAIL)
                to == CASE tail # c.head -> "copy"
                        [] tail = c.head /\ Unreleased /\ ~Mutant("sleeps_unreleased") -> "release"
                        [] tail = c.head /\ c.last -> "ended"
                        [] tail = c.head /\ c.woken /\ Mutant("d_to_c") -> "sleep"
                        [] Mutant("sleeping_after_recheck") -> "recheck"
                        [] OTHER -> "arm"
            IN c' = [c EXCEPT !.tail = tail, !.pc = to]
         /\ CQuiet

\* The copy of one entry. Slots are given back one by one or many together; CLOSE is the end.
CCopy == /\ CAt("copy")
         /\ LET entry == CLoad(Entry(c.head))
                head == Next1(c.head)
                close == entry >= MODULUS
            IN /\ fault' = (fault \/ entry % MODULUS # c.head)
               /\ \E to \in {"release"} \cup (IF close THEN {} ELSE IF head = c.tail THEN {"look"} ELSE {"copy"}) :
                    c' = [c EXCEPT !.head = head, !.closed = close, !.pc = to]
         /\ UNCHANGED <<mem, pbuf, cbuf, pbell, cbell, p, palive, calive>>

\* SYNC POINT: slots free. Consumer.advance; Consumer.Release.
CRelease == /\ CAt("release")
            /\ CStore(Unless("release_head", "seq_cst"), HEAD, c.head)
            /\ c' = [c EXCEPT !.freed = c.head, !.pc = "waits"]
            /\ COnly

Onward == IF c.closed THEN "ended" ELSE "look"

\* SYNC POINT: producer waits. The load, and only if it says so the exchange.
CWaits == CAt("waits") /\ CGo(IF CLoad(SPACE) = 0 THEN Onward ELSE "wake") /\ CQuiet
CWake == /\ CAt("wake")
         /\ CExchange(SPACE, 0)
         /\ CGo(IF mem[SPACE] = 0 THEN Onward ELSE "ring")
         /\ COnly
CRing == /\ CAt("ring")
         /\ BELL_DRAINS => cbuf = <<>>
         /\ pbell' = Rung(pbell)
         /\ CGo(Onward)
         /\ UNCHANGED <<mem, pbuf, cbuf, cbell, p, palive, calive, fault>>

\* SYNC POINT: consumer asleep. a. Arm in waiter.cc leaves a flag alone that is still set; Consumer.Arm in Go sets it anew.
CArm == /\ CAt("arm")
        /\ \/ /\ CStore(Unless("release_sleeping", "seq_cst"), SLEEPING, 1)
           \/ CLoad(SLEEPING) = 1 /\ UNCHANGED <<mem, cbuf>>
        /\ CGo(IF Mutant("no_recheck_sleeping") \/ Mutant("sleeping_after_recheck") THEN "sleep" ELSE "recheck")
        /\ COnly

\* SYNC POINT: entries visible. b. The second look, which the flag announces.
CRecheck == /\ CAt("recheck")
            /\ CGo(CASE CLoad(TAIL) # c.head -> "disarm"
                     [] Mutant("sleeping_after_recheck") -> "arm"
                     [] OTHER -> "sleep")
            /\ CQuiet
CDisarm == CAt("disarm") /\ CExchange(SLEEPING, 0) /\ CGo("look") /\ COnly

\* c and d. After the wake the next look, and through a again.
CSleep == /\ CAt("sleep") /\ cbell > 0
          /\ cbell' = 0
          /\ c' = [c EXCEPT !.pc = IF Mutant("consumer_clears") THEN "clear" ELSE "look",
                            !.woken = Mutant("d_to_c")]
          /\ UNCHANGED <<mem, pbuf, cbuf, pbell, p, palive, calive, fault>>
CClear == CAt("clear") /\ CStore("plain", SLEEPING, 0) /\ CGo("look") /\ COnly

\* The end of the control socket: look once more, for what was published before the producer died.
CPeerDied == /\ CAt("sleep") /\ ~palive /\ pbuf = <<>>
             /\ c' = [c EXCEPT !.pc = IF Mutant("no_look_after_death") THEN "ended" ELSE "look", !.last = TRUE]
             /\ CQuiet

CMust == \/ CLook \/ CCopy \/ CRelease \/ CWaits \/ CWake \/ CRing \/ CArm \/ CRecheck \/ CDisarm \/ CSleep \/ CClear
         \/ CPeerDied

-----------------------------------------------------------------------------
\* The world

\* A doorbell that nobody owed, and a sleep that ends without one: the event loop has other things to do.
Disturb == /\ SPURIOUS
           /\ \/ pbell = 0 /\ pbell' = 1 /\ UNCHANGED <<cbell, p, c>>
              \/ cbell = 0 /\ cbell' = 1 /\ UNCHANGED <<pbell, p, c>>
              \/ CAt("sleep") /\ CGo("look") /\ UNCHANGED <<pbell, cbell, p>>
              \/ PAt("wait") /\ PGo("look") /\ UNCHANGED <<pbell, cbell, c>>
           /\ UNCHANGED <<mem, pbuf, cbuf, palive, calive, fault>>

PDone == ~palive \/ p.pc = "stopped" \/ (p.closed /\ ~Unpublished /\ p.pc = "idle")
CDone == ~calive \/ c.pc = "ended"

\* Indices begin just before they wrap.
Start == MODULUS - 1
PStart == [pc |-> "idle", tail |-> Start, pub |-> Start, head |-> Start, seen |-> 0, then |-> "idle", closed |-> FALSE]
CStart == [pc |-> "look", head |-> Start, tail |-> Start, freed |-> Start, closed |-> FALSE, last |-> FALSE, woken |-> FALSE]

\* Private memory dies with its owner (and is put back to its start, which only saves states).
Die == /\ DEATH
       /\ \/ ~PDone /\ palive' = FALSE /\ p' = PStart /\ UNCHANGED <<calive, c>>
          \/ ~CDone /\ calive' = FALSE /\ c' = CStart /\ UNCHANGED <<palive, p>>
       /\ UNCHANGED <<mem, pbuf, cbuf, pbell, cbell, fault>>

\* The one way to stand still.
Finished == PDone /\ CDone /\ pbuf = <<>> /\ cbuf = <<>> /\ UNCHANGED vars

Init == /\ mem = [a \in Words |-> IF a \in {TAIL, HEAD} THEN Start ELSE 0]
        /\ pbuf = <<>> /\ cbuf = <<>> /\ pbell = 0 /\ cbell = 0
        /\ p = PStart /\ c = CStart
        /\ palive = TRUE /\ calive = TRUE /\ fault = FALSE

Next == PWrite \/ PMust \/ CMust \/ PDrain \/ CDrain \/ Disturb \/ Die \/ Finished

\* Who has begun goes on, a store is seen in the end, and an end-of-file is heard however often a sleep is disturbed.
\* Nothing has to be sent, rung for nothing, or to die.
Spec == /\ Init /\ [][Next]_vars
        /\ WF_vars(PMust) /\ WF_vars(CMust) /\ WF_vars(PDrain) /\ WF_vars(CDrain)
        /\ SF_vars(PPeerDied) /\ SF_vars(CPeerDied)

-----------------------------------------------------------------------------
\* What must hold

TypeOK == /\ p.tail \in Index /\ p.pub \in Index /\ p.head \in Index /\ c.head \in Index /\ c.freed \in Index
          /\ pbell \in 0..2 /\ cbell \in 0..2 /\ mem[SLEEPING] \in 0..1 /\ mem[SPACE] \in 0..1

\* First in, first out, nothing lost, nothing twice.
Fifo == ~fault

\* No slot is written while its entry is unread: what is published and unread is there.
Intact == calive => \A k \in Index : k < Ahead(mem[TAIL], c.head) =>
            LET i == (c.head + k) % MODULUS IN mem[Entry(i)] % MODULUS = i

\* Neither side ever sees an index where it could not be: the checks that call a region damaged are never wrong.
Sound == /\ calive => Ahead(CLoad(TAIL), c.head) <= CAPACITY
         /\ palive => Ahead(p.tail, PLoad(HEAD)) <= CAPACITY /\ Ahead(p.pub, PLoad(HEAD)) <= Ahead(p.pub, p.head)

\* A consumer that sleeps while there is something to read is about to be woken.
ConsumerWoken == (CAt("sleep") /\ cbell = 0 /\ mem[TAIL] # c.head) => (~palive \/ p.pc \in {"asleep", "wake", "ring"})

\* A producer that waits while there is room is about to be woken.
ProducerWoken ==
  LET room == IF WAITS_FOR = "slot" THEN Ahead(p.tail, mem[HEAD]) < ROOM ELSE mem[HEAD] # p.head
  IN (PAt("wait") /\ pbell = 0 /\ room) => (~calive \/ c.pc \in {"waits", "wake", "ring"})

\* The end comes after everything that was published, also when the producer has died.
NothingLeft == c.pc = "ended" => c.head = mem[TAIL]

\* Whatever is published is read in the end, unless the consumer dies.
Read == \A i \in Index : (c.head = i /\ mem[TAIL] # i) ~> (c.head # i \/ ~calive)
\* A producer that waits gets on, unless somebody dies.
Admitted == (p.pc = "wait") ~> (p.pc # "wait" \/ ~palive)
\* An end that is said is heard, and so is a death.
Ends == (p.closed \/ ~palive) ~> CDone
Stops == ~calive ~> (PDone \/ p.pc = "idle")
=============================================================================
