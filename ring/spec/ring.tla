-------------------------------- MODULE ring --------------------------------
(***************************************************************************)
(* One ring between two processes or threads: hand-shakes 1 and 2 of the   *)
(* protocol, and the end of a channel (an entry) or of a queue (a word).   *)
(*                                                                         *)
(* A step is one access to shared memory, with the store buffer of either  *)
(* processor in between. The run never ends by itself: indices wrap, so    *)
(* the states are finitely many although the entries are not. An entry     *)
(* carries its own index, by which the consumer knows it.                  *)
(*                                                                         *)
(* The words have the protocol's names. SYNC POINTs are the same here, in  *)
(* TypeScript, Go and C++; README.md maps step to function.                *)
(***************************************************************************)
EXTENDS Naturals, Sequences

CONSTANTS
  CAPACITY,    \* entries in the ring
  MODULUS,     \* where indices wrap: a multiple of CAPACITY, at least twice
  ROOM,        \* entries that the producer may have out: CAPACITY, or fewer where their bodies need memory
  WAITS_FOR,   \* "slot": Producer.waitForSpace; "progress": completer.wait, which wants any move of head
  MEMORY,      \* "TSO": a store buffer is a queue; "PSO": stores to different words overtake each other
  ENDS,        \* "entry": a channel's last entry is CLOSE; "word": a queue's `closed` and `stopped`
  BELL,        \* "eventfd": a count that a read empties; "notify": compare-and-wait on the flag's own word
  BELL_DRAINS, \* whether ringing, a system call, empties the store buffer on its way
  SPURIOUS,    \* whether doorbells ring and sleeps end for no reason
  DEATH,       \* "none"; either side may die, at any step: "heard": by pidfd or socket; "said": a survivor stores the word
  MUTANT       \* "none", or which step is broken

ASSUME /\ CAPACITY \in Nat \ {0}
       /\ ROOM \in 1..CAPACITY
       /\ MODULUS % CAPACITY = 0 /\ MODULUS >= 2 * CAPACITY
       /\ WAITS_FOR \in {"slot", "progress"} /\ MEMORY \in {"TSO", "PSO"}
       /\ ENDS \in {"entry", "word"} /\ BELL \in {"eventfd", "notify"} /\ DEATH \in {"none", "heard", "said"}
       /\ DEATH = "said" => ENDS = "word"
       /\ DEATH = "heard" => BELL = "eventfd"
       /\ {BELL_DRAINS, SPURIOUS} \subseteq BOOLEAN

VARIABLES
  mem,         \* what all processors agree on
  pbuf, cbuf,  \* stores of the producer, of the consumer, that nobody else sees yet
  pbell, cbell,\* the eventfds: on pbell the producer sleeps, on cbell the consumer
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
CLOSED == <<"closed", 0>>
STOPPED == <<"stopped", 0>>
Entry(i) == <<"entry", i % CAPACITY>>
Words == {TAIL, HEAD, SLEEPING, SPACE, CLOSED, STOPPED} \cup {Entry(i) : i \in Index}

\* An entry is its index, and whether it is a channel's last one: CLOSE.
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

-----------------------------------------------------------------------------
\* Doorbells

\* The count of an eventfd means nothing; it is bounded here, as the kernel bounds it elsewhere.
Rung(bell) == IF bell < 2 THEN bell + 1 ELSE bell

\* A notify wakes who waits, and leaves no trace when nobody does. An abandoned Atomics.waitAsync stays in the list, and
\* in the mutant takes the one wake-up there is.
RingConsumer ==
  IF BELL = "eventfd" THEN cbell' = Rung(cbell) /\ UNCHANGED c
  ELSE /\ c' = IF c.abandoned THEN [c EXCEPT !.abandoned = FALSE]
               ELSE IF c.pc = "parked" THEN [c EXCEPT !.pc = "look"] ELSE c
       /\ UNCHANGED cbell
RingProducer ==
  IF BELL = "eventfd" THEN pbell' = Rung(pbell) /\ UNCHANGED p
  ELSE p' = (IF p.pc = "parked" THEN [p EXCEPT !.pc = "look"] ELSE p) /\ UNCHANGED pbell

\* Waiting begins only while the flag is still 1; compare and wait are one step, as in the kernel.
ParksOn(flag) == flag = 1 \/ Mutant("wait_without_compare")

-----------------------------------------------------------------------------
\* The producer

PAt(pc) == palive /\ p.pc = pc
PGo(pc) == p' = [p EXCEPT !.pc = pc]
POnly == UNCHANGED <<cbuf, pbell, cbell, c, palive, calive, fault>>
PQuiet == POnly /\ UNCHANGED <<mem, pbuf>>

Out == Ahead(p.tail, p.head)
Unpublished == p.tail # p.pub

\* RawProducer.claim and what the caller writes; Push. A channel's last entry is CLOSE.
PWrite == /\ PAt("idle") /\ ~p.closed /\ Out < ROOM
          /\ \E last \in IF ENDS = "entry" THEN BOOLEAN ELSE {FALSE} :
               /\ PStore("plain", Entry(p.tail), Content(p.tail, last))
               /\ p' = [p EXCEPT !.tail = Next1(p.tail), !.closed = last]
          /\ POnly

\* The cached copy of head says full.
PFull == PAt("idle") /\ ~p.closed /\ Out = ROOM /\ PGo("look") /\ PQuiet

PTryPublish == PAt("idle") /\ Unpublished /\ PGo("publish") /\ PQuiet

\* Where a producer goes that has found no room. It publishes before it waits, now or after it has set the flag.
NoRoom == {IF Mutant("space_after_recheck") THEN "recheck"
           ELSE IF Mutant("late_look") THEN "before"
           ELSE IF Mutant("stopped_before_arming") THEN "stopped?" ELSE "flag"}
          \cup (IF Unpublished THEN {"publish"} ELSE {})
          \cup (IF ENDS = "word" THEN {"stopped?"} ELSE {})

\* SYNC POINT: slots free. RawProducer.lookAgain; RawProducer.Head; completer.reclaim.
PLook == /\ PAt("look")
         /\ LET head == PLoad(HEAD) IN
            \E to \in IF Ahead(p.tail, head) < ROOM THEN {"idle"} ELSE NoRoom :
               p' = [p EXCEPT !.head = head, !.seen = IF to = "idle" THEN 0 ELSE head, !.pc = to]
         /\ PQuiet

\* SYNC POINT: nobody reads. A look at any time, which decides nothing about sleeping.
PLookStopped == PAt("stopped?") /\ PGo(IF PLoad(STOPPED) = 0 THEN "flag" ELSE "stopped") /\ PQuiet

\* The mutant: what counts as progress is what comes after this, though nobody has acted on what came before.
PBefore == PAt("before") /\ p' = [p EXCEPT !.seen = PLoad(HEAD), !.pc = "flag"] /\ PQuiet

Patient == IF Unpublished THEN "publish_wait" ELSE "wait"

\* SYNC POINT: producer waits. RawProducer.waitForSpace; RawProducer.AskForSpace.
PFlag == /\ PAt("flag")
         /\ PStore(Unless("release_space", "seq_cst"), SPACE, 1)
         /\ PGo(IF Mutant("no_recheck_space") \/ Mutant("space_after_recheck")
                THEN Patient
                ELSE "recheck")
         /\ POnly

\* SYNC POINT: slots free. The second look, which the flag announces.
PRecheck == /\ PAt("recheck")
            /\ LET head == PLoad(HEAD)
                   room == IF WAITS_FOR = "slot" THEN Ahead(p.tail, head) < ROOM ELSE head # p.seen
                   to == CASE room /\ WAITS_FOR = "slot" -> "clear"
                           [] room /\ WAITS_FOR = "progress" -> "look"
                           [] ~room /\ Mutant("space_after_recheck") -> "flag"
                           [] ENDS = "word" /\ ~Mutant("stopped_before_arming") -> "recheck_stopped"
                           [] OTHER -> Patient
               IN p' = [p EXCEPT !.head = IF room /\ WAITS_FOR = "slot" THEN head ELSE p.head, !.seen = 0, !.pc = to]
            /\ PQuiet

\* SYNC POINT: nobody reads. Who has stopped makes no room any more.
PRecheckStopped == PAt("recheck_stopped") /\ PGo(IF PLoad(STOPPED) = 0 THEN Patient ELSE "stopped") /\ PQuiet

PClear == PAt("clear") /\ PStore("seq_cst", SPACE, 0) /\ PGo("idle") /\ POnly

\* Its own doorbell, or the end of the control socket, or the pidfd: the kernel's word comes after all that was stored.
PWait == /\ PAt("wait") /\ BELL = "eventfd" /\ pbell > 0
         /\ pbell' = 0 /\ PGo("look")
         /\ UNCHANGED <<mem, pbuf, cbuf, cbell, c, palive, calive, fault>>
PPark == PAt("wait") /\ BELL = "notify" /\ PGo(IF ParksOn(PLoad(SPACE)) THEN "parked" ELSE "look") /\ PQuiet
PPeerDied == /\ palive /\ p.pc \in {"wait"} \cup (IF ENDS = "entry" THEN {"idle"} ELSE {})
             /\ DEATH = "heard" /\ ~calive /\ cbuf = <<>>
             /\ PGo("stopped") /\ PQuiet

\* SYNC POINT: entries visible. RawProducer.publish; RawProducer.Publish.
PPublish == /\ palive /\ p.pc \in {"publish", "publish_wait"}
            /\ PStore(Unless("release_tail", "seq_cst"), TAIL, p.tail)
            /\ p' = [p EXCEPT !.pub = p.tail, !.pc = "asleep",
                                  !.then = CASE p.pc = "publish_wait" -> "wait"
                                             [] ENDS = "word" /\ p.closed /\ ~Mutant("closed_before_tail") -> "close"
                                             [] OTHER -> "idle"]
            /\ POnly

BellFirst == Mutant("plain_after_bell") \/ Mutant("bell_before_exchange")
Back == [p EXCEPT !.pc = p.then, !.then = "idle"]

\* SYNC POINT: consumer asleep. The load, and only if it says so the exchange.
PAsleep == /\ PAt("asleep")
           /\ p' = IF PLoad(SLEEPING) = 0 THEN Back
                   ELSE [p EXCEPT !.pc = IF BellFirst THEN "ring" ELSE "wake"]
           /\ PQuiet
PWake == /\ PAt("wake")
         /\ IF Mutant("plain_before_bell")
            THEN PStore("plain", SLEEPING, 0) /\ PGo("ring")
            ELSE /\ PExchange(SLEEPING, 0)
                 /\ p' = IF mem[SLEEPING] = 0 THEN Back ELSE [p EXCEPT !.pc = "ring"]
         /\ POnly
PRing == /\ PAt("ring")
         /\ BELL_DRAINS => pbuf = <<>>
         /\ RingConsumer
         /\ p' = IF BellFirst THEN [p EXCEPT !.pc = "unset"] ELSE Back
         /\ UNCHANGED <<mem, pbuf, cbuf, pbell, palive, calive, fault>>
PUnset == /\ PAt("unset")
          /\ PStore(IF Mutant("plain_after_bell") THEN "plain" ELSE "seq_cst", SLEEPING, 0)
          /\ p' = Back /\ POnly

\* A queue's end: what is left is published, then the word, then the bell, whatever the flag says.
PClose == /\ ENDS = "word" /\ PAt("idle") /\ ~p.closed
          /\ p' = [p EXCEPT !.closed = TRUE,
                            !.pc = IF Unpublished /\ ~Mutant("closed_before_tail") THEN "publish" ELSE "close"]
          /\ PQuiet
\* SYNC POINT: no more entries. RawProducer.close; RawProducer.Close.
PSayClosed == PAt("close") /\ PStore("seq_cst", CLOSED, 1) /\ PGo("close_wake") /\ POnly
\* SYNC POINT: consumer asleep.
PCloseWake == /\ PAt("close_wake")
              /\ IF Mutant("close_without_exchange") \/ Mutant("close_rings_if_asleep")
                 THEN UNCHANGED <<mem, pbuf>> ELSE PExchange(SLEEPING, 0)
              /\ PGo(CASE Mutant("close_without_ring") -> "idle"
                        [] Mutant("close_rings_if_asleep") -> "asleep"
                        [] OTHER -> "ring")
              /\ POnly

\* What the producer does once it has begun, and what it only may do.
PMust == \/ PTryPublish \/ PFull \/ PLook \/ PLookStopped \/ PBefore \/ PFlag \/ PRecheck \/ PRecheckStopped \/ PClear
         \/ PWait \/ PPark \/ PPeerDied \/ PPublish \/ PAsleep \/ PWake \/ PRing \/ PUnset \/ PSayClosed \/ PCloseWake
PMay == PWrite \/ PClose

-----------------------------------------------------------------------------
\* The consumer

CAt(pc) == calive /\ c.pc = pc
CGo(pc) == c' = [c EXCEPT !.pc = pc]
COnly == UNCHANGED <<pbuf, pbell, cbell, p, palive, calive, fault>>
CQuiet == COnly /\ UNCHANGED <<mem, cbuf>>

Unreleased == c.head # c.freed

\* SYNC POINT: entries visible. RawConsumer.available, HasEntries; RawConsumer.Pop, Ready. What was read is released
\* before anything sleeps. Whether there is an end is looked at before arming, too, or only after it.
CLook == /\ CAt("look")
         /\ LET tail == CLoad(TAIL)
                to == CASE tail # c.head -> {"copy"}
                        [] tail = c.head /\ Unreleased /\ ~Mutant("sleeps_unreleased") -> {"release"}
                        [] tail = c.head /\ c.last -> {"ended"}
                        [] tail = c.head /\ c.woken /\ Mutant("d_to_c") -> {"sleep"}
                        [] Mutant("sleeping_after_recheck") -> {"recheck"}
                        [] Mutant("closed_before_arming") -> {"closed?"}
                        [] OTHER -> {"arm"} \cup (IF ENDS = "word" THEN {"closed?"} ELSE {})
            IN \E pc \in to : c' = [c EXCEPT !.tail = tail, !.pc = pc]
         /\ CQuiet

\* Who has seen the word loads tail once more: the tail that was loaded before it may be older.
CEnd(pc) == c' = [c EXCEPT !.last = TRUE, !.pc = IF Mutant("no_look_after_closed") THEN "ended" ELSE pc]

\* SYNC POINT: no more entries.
CLookClosed == CAt("closed?") /\ (IF CLoad(CLOSED) = 0 THEN CGo("arm") ELSE CEnd("look")) /\ CQuiet

\* The copy of one entry. Slots are given back one by one or many together; CLOSE is the end.
CCopy == /\ CAt("copy")
         /\ LET entry == CLoad(Entry(c.head))
                head == Next1(c.head)
                close == entry >= MODULUS
            IN /\ fault' = (fault \/ entry % MODULUS # c.head)
               /\ \E to \in {"release"} \cup (IF close THEN {} ELSE IF head = c.tail THEN {"look"} ELSE {"copy"}) :
                    c' = [c EXCEPT !.head = head, !.closed = close, !.pc = to]
         /\ UNCHANGED <<mem, pbuf, cbuf, pbell, cbell, p, palive, calive>>

\* SYNC POINT: slots free. RawConsumer.advance; RawConsumer.Release.
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
         /\ RingProducer
         /\ CGo(Onward)
         /\ UNCHANGED <<mem, pbuf, cbuf, cbell, palive, calive, fault>>

\* SYNC POINT: consumer asleep. a. Arm in waiter.cc leaves a flag alone that is still set; RawConsumer.Arm in Go sets it
\* anew.
CArm == /\ CAt("arm")
        /\ \/ /\ CStore(Unless("release_sleeping", "seq_cst"), SLEEPING, 1)
           \/ CLoad(SLEEPING) = 1 /\ UNCHANGED <<mem, cbuf>>
        /\ CGo(IF Mutant("no_recheck_sleeping") \/ Mutant("sleeping_after_recheck") THEN "sleep" ELSE "recheck")
        /\ COnly

\* SYNC POINT: entries visible. b. The second look, which the flag announces.
CRecheck == /\ CAt("recheck")
            /\ CGo(CASE CLoad(TAIL) # c.head -> "disarm"
                     [] Mutant("sleeping_after_recheck") -> "arm"
                     [] ENDS = "word" /\ ~Mutant("closed_before_arming") -> "recheck_closed"
                     [] OTHER -> "sleep")
            /\ CQuiet
\* SYNC POINT: no more entries. b, too.
CRecheckClosed == CAt("recheck_closed") /\ (IF CLoad(CLOSED) = 0 THEN CGo("sleep") ELSE CEnd("disarm")) /\ CQuiet
CDisarm == CAt("disarm") /\ CExchange(SLEEPING, 0) /\ CGo("look") /\ COnly

\* c and d. After the wake the next look, and through a again.
CSleep == /\ CAt("sleep") /\ BELL = "eventfd" /\ cbell > 0
          /\ cbell' = 0
          /\ c' = [c EXCEPT !.pc = IF Mutant("consumer_clears") THEN "clear" ELSE "look",
                            !.woken = Mutant("d_to_c")]
          /\ UNCHANGED <<mem, pbuf, cbuf, pbell, p, palive, calive, fault>>
CPark == CAt("sleep") /\ BELL = "notify" /\ CGo(IF ParksOn(CLoad(SLEEPING)) THEN "parked" ELSE "look") /\ CQuiet
CClear == CAt("clear") /\ CStore("plain", SLEEPING, 0) /\ CGo("look") /\ COnly

\* The end of the control socket, or the pidfd: look once more, for what was published before the producer died.
CPeerDied == /\ CAt("sleep") /\ DEATH = "heard" /\ ~palive /\ pbuf = <<>>
             /\ c' = [c EXCEPT !.pc = IF Mutant("no_look_after_death") THEN "ended" ELSE "look", !.last = TRUE]
             /\ CQuiet

\* A queue's consumer may stop before the end.
CStop == ENDS = "word" /\ CAt("look") /\ CGo("stop") /\ CQuiet
\* SYNC POINT: nobody reads. RawConsumer.close; RawConsumer.Close.
CSayStopped == CAt("stop") /\ CStore("seq_cst", STOPPED, 1) /\ CGo("stop_wake") /\ COnly
\* SYNC POINT: producer waits. Whatever the flag says.
CStopWake == /\ CAt("stop_wake")
             /\ CExchange(SPACE, 0)
             /\ CGo(IF Mutant("stop_without_ring") \/ (Mutant("stop_rings_if_waiting") /\ mem[SPACE] = 0)
                    THEN "quit" ELSE "stop_ring")
             /\ COnly
CStopRing == /\ CAt("stop_ring")
             /\ RingProducer
             /\ CGo("quit")
             /\ UNCHANGED <<mem, pbuf, cbuf, cbell, palive, calive, fault>>

CMust == \/ CLook \/ CLookClosed \/ CCopy \/ CRelease \/ CWaits \/ CWake \/ CRing \/ CArm \/ CRecheck \/ CRecheckClosed
         \/ CDisarm \/ CSleep \/ CPark \/ CClear \/ CPeerDied \/ CSayStopped \/ CStopWake \/ CStopRing

-----------------------------------------------------------------------------
\* The world

Sleeping == IF BELL = "eventfd" THEN "sleep" ELSE "parked"
Waiting == IF BELL = "eventfd" THEN "wait" ELSE "parked"

\* A doorbell that nobody owed, and a sleep that ends without one: the event loop has other things to do.
Disturb == /\ SPURIOUS
           /\ \/ BELL = "eventfd" /\ pbell = 0 /\ pbell' = 1 /\ UNCHANGED <<cbell, p, c>>
              \/ BELL = "eventfd" /\ cbell = 0 /\ cbell' = 1 /\ UNCHANGED <<pbell, p, c>>
              \/ /\ CAt(Sleeping) /\ c' = [c EXCEPT !.pc = "look", !.abandoned = Mutant("notify_one")]
                 /\ UNCHANGED <<pbell, cbell, p>>
              \/ PAt(Waiting) /\ PGo("look") /\ UNCHANGED <<pbell, cbell, c>>
           /\ UNCHANGED <<mem, pbuf, cbuf, palive, calive, fault>>

PDone == ~palive \/ p.pc = "stopped" \/ (p.closed /\ ~Unpublished /\ p.pc = "idle")
CDone == ~calive \/ c.pc \in {"ended", "quit"}

\* Indices begin just before they wrap.
Start == MODULUS - 1
PStart == [pc |-> "idle", tail |-> Start, pub |-> Start, head |-> Start, seen |-> 0, then |-> "idle", closed |-> FALSE]
CStart == [pc |-> "look", head |-> Start, tail |-> Start, freed |-> Start, closed |-> FALSE, last |-> FALSE, woken |-> FALSE,
           abandoned |-> FALSE]

\* Private memory dies with its owner (and is put back to its start, which only saves states).
Die == /\ DEATH # "none"
       /\ \/ /\ ~PDone /\ palive' = FALSE /\ UNCHANGED <<calive, c>>
             /\ p' = IF DEATH = "said" THEN [PStart EXCEPT !.pc = "say"] ELSE PStart
          \/ /\ ~CDone /\ calive' = FALSE /\ UNCHANGED <<palive, p>>
             /\ c' = IF DEATH = "said" THEN [CStart EXCEPT !.pc = "say"] ELSE CStart
       /\ UNCHANGED <<mem, pbuf, cbuf, pbell, cbell, fault>>

\* A thread that has died in a process that lives: somebody says so in its stead, and rings whatever the flag says, since
\* it may have died between the exchange and the bell; and also if it had stored the word itself.
PBury == /\ ~palive
         /\ \/ /\ p.pc = "say" /\ pbuf = <<>>
               /\ mem' = [mem EXCEPT ![CLOSED] = IF @ = 0 THEN 2 ELSE @]
               /\ PGo(IF Mutant("death_skips_if_closed") /\ mem[CLOSED] # 0 THEN "gone" ELSE "say_wake")
               /\ UNCHANGED <<c, cbell>>
            \/ /\ p.pc = "say_wake"
               /\ mem' = [mem EXCEPT ![SLEEPING] = 0]
               /\ PGo(IF Mutant("death_rings_if_asleep") /\ mem[SLEEPING] = 0 THEN "gone" ELSE "say_ring")
               /\ UNCHANGED <<c, cbell>>
            \/ p.pc = "say_ring" /\ RingConsumer /\ PGo("gone") /\ UNCHANGED mem
         /\ UNCHANGED <<pbuf, cbuf, pbell, palive, calive, fault>>
CBury == /\ ~calive
         /\ \/ /\ c.pc = "say" /\ cbuf = <<>>
               /\ mem' = [mem EXCEPT ![STOPPED] = IF @ = 0 THEN 2 ELSE @]
               /\ CGo("say_wake") /\ UNCHANGED <<p, pbell>>
            \/ /\ c.pc = "say_wake"
               /\ mem' = [mem EXCEPT ![SPACE] = 0]
               /\ CGo("say_ring") /\ UNCHANGED <<p, pbell>>
            \/ c.pc = "say_ring" /\ RingProducer /\ CGo("gone") /\ UNCHANGED mem
         /\ UNCHANGED <<pbuf, cbuf, cbell, palive, calive, fault>>

\* The one way to stand still.
Finished == PDone /\ CDone /\ pbuf = <<>> /\ cbuf = <<>> /\ UNCHANGED vars

Init == /\ mem = [a \in Words |-> IF a \in {TAIL, HEAD} THEN Start ELSE 0]
        /\ pbuf = <<>> /\ cbuf = <<>> /\ pbell = 0 /\ cbell = 0
        /\ p = PStart /\ c = CStart
        /\ palive = TRUE /\ calive = TRUE /\ fault = FALSE

Next == PMay \/ PMust \/ CStop \/ CMust \/ PDrain \/ CDrain \/ PBury \/ CBury \/ Disturb \/ Die \/ Finished

\* Who has begun goes on, a store is seen in the end, and an end-of-file is heard however often a sleep is disturbed.
\* Nothing has to be sent, rung for nothing, or to die.
Spec == /\ Init /\ [][Next]_vars
        /\ WF_vars(PMust) /\ WF_vars(CMust) /\ WF_vars(PDrain) /\ WF_vars(CDrain) /\ WF_vars(PBury) /\ WF_vars(CBury)
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

\* A consumer that sleeps while there is something to read, or an end, is about to be woken: by the producer, or by its
\* death.
ConsumerWoken ==
  (CAt(Sleeping) /\ cbell = 0 /\ (mem[TAIL] # c.head \/ mem[CLOSED] # 0))
    => IF palive THEN p.pc \in {"asleep", "wake", "ring", "close_wake"} ELSE p.pc # "gone"

\* A producer that waits while there is room, or nobody to make room, is about to be woken.
ProducerWoken ==
  LET room == IF WAITS_FOR = "slot" THEN Ahead(p.tail, mem[HEAD]) < ROOM ELSE mem[HEAD] # p.head
  IN (PAt(Waiting) /\ pbell = 0 /\ (room \/ mem[STOPPED] # 0))
       => IF calive THEN c.pc \in {"waits", "wake", "ring", "stop_wake", "stop_ring"} ELSE c.pc # "gone"

\* The end comes after everything that was published, also when the producer has died.
NothingLeft == c.pc = "ended" => c.head = mem[TAIL]

\* Whatever is published is read in the end, unless the consumer dies or stops.
Read == \A i \in Index : (c.head = i /\ mem[TAIL] # i) ~> (c.head # i \/ ~calive \/ c.pc = "quit")
\* A producer that waits gets on, unless somebody dies.
Admitted == (p.pc \in {"wait", "parked"}) ~> (p.pc \notin {"wait", "parked"} \/ ~palive)
\* An end that is said is heard, on either side, and so is a death.
Ends == (p.closed \/ ~palive) ~> CDone
Stops == (~calive \/ c.pc = "quit") ~> (PDone \/ p.pc = "idle")
=============================================================================
