-------------------------------- MODULE roles --------------------------------
(***************************************************************************)
(* Taking a role of a queue, and noticing the death of who has the other:  *)
(* the peer may come late, or never, and a side begins to watch its peer   *)
(* only when it looks at the other role word, before it sleeps.            *)
(*                                                                         *)
(* Accesses are sequentially consistent here: what becomes of others,      *)
(* module ring shows. What the sides have to say to each other is a count. *)
(* Doorbells are eventfds: threads of one process have no pidfd to watch.  *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS
  PRODUCERS,   \* processes that want to be the producer; one more wants to be the consumer
  SAYS,        \* how often either side says something
  SPURIOUS,    \* whether doorbells ring and sleeps end for no reason
  MUTANT       \* "none", or which step is broken

ASSUME PRODUCERS \in Nat \ {0} /\ SAYS \in Nat /\ SPURIOUS \in BOOLEAN

VARIABLES
  role,        \* `producer` and `consumer`: 0, or which process
  flag, bell,  \* of either side: `space` and `sleeping`, and the eventfd that it sleeps on
  said,        \* by either side: tail and head
  pc,          \* of each process; it stays where it was when the process died
  alive,
  seen,        \* what each has heard of what the other side said
  watch        \* whose pidfd each waits for, 0 if none

vars == <<role, flag, bell, said, pc, alive, seen, watch>>

Side == {"producer", "consumer"}
Process == 1 .. PRODUCERS + 1
Mine(p) == IF p <= PRODUCERS THEN "producer" ELSE "consumer"
Yours(p) == IF p <= PRODUCERS THEN "consumer" ELSE "producer"

Mutant(m) == MUTANT = m

-----------------------------------------------------------------------------

At(p, where) == alive[p] /\ pc[p] = where
Go(p, where) == pc' = [pc EXCEPT ![p] = where]

\* A process may begin at any time, or never.
Begin(p) == /\ At(p, "away")
            /\ Go(p, "take")
            /\ UNCHANGED <<role, flag, bell, said, alive, seen, watch>>

\* Compare and exchange: who finds the role taken is refused. The mutant looks first and stores then.
Take(p) == /\ \/ /\ At(p, "take")
                 /\ Go(p, IF role[Mine(p)] # 0 THEN "refused"
                          ELSE IF Mutant("role_load_then_store") THEN "store" ELSE "wake")
                 /\ role' = IF role[Mine(p)] = 0 /\ ~Mutant("role_load_then_store")
                            THEN [role EXCEPT ![Mine(p)] = p] ELSE role
              \/ At(p, "store") /\ Go(p, "wake") /\ role' = [role EXCEPT ![Mine(p)] = p]
           /\ UNCHANGED <<flag, bell, said, alive, seen, watch>>

IfAsleep == Mutant("role_rings_if_asleep") \/ Mutant("role_before_arming_and_if_asleep")

\* And wakes the other side, whatever its flag says, so that it looks at the role word.
Wake(p) == /\ At(p, "wake")
           /\ flag' = [flag EXCEPT ![Yours(p)] = 0]
           /\ Go(p, IF Mutant("role_without_ring") \/ (IfAsleep /\ flag[Yours(p)] = 0) THEN "idle" ELSE "ring")
           /\ UNCHANGED <<role, bell, said, alive, seen, watch>>
Ring(p) == /\ At(p, "ring") \/ At(p, "say_ring")
           /\ bell' = [bell EXCEPT ![Yours(p)] = 1]
           /\ Go(p, "idle")
           /\ UNCHANGED <<role, flag, said, alive, seen, watch>>

\* Hand-shakes 1 and 2.
Say(p) == /\ At(p, "idle") /\ said[Mine(p)] < SAYS
          /\ said' = [said EXCEPT ![Mine(p)] = @ + 1]
          /\ Go(p, "asleep")
          /\ UNCHANGED <<role, flag, bell, alive, seen, watch>>
Asleep(p) == /\ At(p, "asleep")
             /\ Go(p, IF flag[Yours(p)] = 0 THEN "idle" ELSE "say_wake")
             /\ UNCHANGED <<role, flag, bell, said, alive, seen, watch>>
SayWake(p) == /\ At(p, "say_wake")
              /\ flag' = [flag EXCEPT ![Yours(p)] = 0]
              /\ Go(p, IF flag[Yours(p)] = 0 THEN "idle" ELSE "say_ring")
              /\ UNCHANGED <<role, bell, said, alive, seen, watch>>

RoleFirst == Mutant("role_before_arming") \/ Mutant("role_before_arming_and_if_asleep")

\* Whoever wants something looks; and where there is nothing, it arms, looks again, and sleeps.
Want(p) == /\ At(p, "idle") /\ Go(p, "look")
           /\ UNCHANGED <<role, flag, bell, said, alive, seen, watch>>
Look(p) == /\ At(p, "look")
           /\ seen' = [seen EXCEPT ![p] = said[Yours(p)]]
           /\ Go(p, IF said[Yours(p)] # seen[p] THEN "idle" ELSE IF RoleFirst THEN "role" ELSE "arm")
           /\ UNCHANGED <<role, flag, bell, said, alive, watch>>
Arm(p) == /\ At(p, "arm")
          /\ flag' = [flag EXCEPT ![Mine(p)] = 1]
          /\ Go(p, "recheck")
          /\ UNCHANGED <<role, bell, said, alive, seen, watch>>
Recheck(p) == /\ At(p, "recheck")
              /\ Go(p, IF said[Yours(p)] # seen[p] THEN "disarm" ELSE IF RoleFirst THEN "sleep" ELSE "role")
              /\ UNCHANGED <<role, flag, bell, said, alive, seen, watch>>
Disarm(p) == /\ At(p, "disarm")
             /\ flag' = [flag EXCEPT ![Mine(p)] = 0]
             /\ Go(p, "look")
             /\ UNCHANGED <<role, bell, said, alive, seen, watch>>

\* About to sleep, it sees the other role taken: a pidfd, once. No such process: it is dead already.
Role(p) == /\ At(p, "role")
           /\ LET peer == role[Yours(p)]
                  on == IF RoleFirst THEN "arm" ELSE "sleep"
              IN IF watch[p] # 0 \/ peer = 0 THEN Go(p, on) /\ UNCHANGED watch
                 ELSE IF alive[peer] THEN Go(p, on) /\ watch' = [watch EXCEPT ![p] = peer]
                 ELSE Go(p, "told") /\ UNCHANGED watch
           /\ UNCHANGED <<role, flag, bell, said, alive, seen>>

Sleep(p) == /\ At(p, "sleep") /\ bell[Mine(p)] = 1
            /\ bell' = [bell EXCEPT ![Mine(p)] = 0]
            /\ Go(p, "look")
            /\ UNCHANGED <<role, flag, said, alive, seen, watch>>
PeerDied(p) == /\ At(p, "sleep") /\ watch[p] # 0 /\ ~alive[watch[p]]
               /\ Go(p, "told")
               /\ UNCHANGED <<role, flag, bell, said, alive, seen, watch>>

Disturb == /\ SPURIOUS
           /\ \/ \E s \in Side : bell[s] = 0 /\ bell' = [bell EXCEPT ![s] = 1] /\ UNCHANGED pc
              \/ \E p \in Process : At(p, "sleep") /\ Go(p, "look") /\ UNCHANGED bell
           /\ UNCHANGED <<role, flag, said, alive, seen, watch>>

Die(p) == /\ alive[p] /\ pc[p] \notin {"away", "refused"}
          /\ alive' = [alive EXCEPT ![p] = FALSE]
          /\ UNCHANGED <<role, flag, bell, said, pc, seen, watch>>

Init == /\ role = [s \in Side |-> 0] /\ flag = [s \in Side |-> 0] /\ bell = [s \in Side |-> 0]
        /\ said = [s \in Side |-> 0]
        /\ pc = [p \in Process |-> "away"] /\ alive = [p \in Process |-> TRUE]
        /\ seen = [p \in Process |-> 0] /\ watch = [p \in Process |-> 0]

Must(p) == Take(p) \/ Wake(p) \/ Ring(p) \/ Asleep(p) \/ SayWake(p) \/ Look(p) \/ Arm(p) \/ Recheck(p) \/ Disarm(p)
           \/ Role(p) \/ Sleep(p) \/ PeerDied(p)
May(p) == Begin(p) \/ Say(p) \/ Want(p) \/ Die(p)

\* Everybody may stand still: the peer has not come, or has nothing to say. What may not happen while they do stands below.
Next == (\E p \in Process : Must(p) \/ May(p)) \/ Disturb \/ UNCHANGED vars

Spec == Init /\ [][Next]_vars /\ \A p \in Process : WF_vars(Must(p)) /\ SF_vars(PeerDied(p))

-----------------------------------------------------------------------------
\* A process has taken its role when it has rung. The mutant claims more: as soon as it has stored the word.
Taking == {"away", "take", "store", "refused"} \cup (IF Mutant("taken_at_the_word") THEN {} ELSE {"wake", "ring"})
Lost(p) == LET peer == role[Yours(p)] IN peer # 0 /\ ~alive[peer] /\ pc[peer] \notin Taking

-----------------------------------------------------------------------------
\* What must hold

TypeOK == /\ \A s \in Side : role[s] \in {0} \cup {p \in Process : Mine(p) = s}
          /\ \A p \in Process : watch[p] \in {0} \cup {q \in Process : Mine(q) = Yours(p)}

\* A role has one holder, ever.
OneHolder == \A p, q \in Process :
  (Mine(p) = Mine(q) /\ p # q) => {pc[p], pc[q]} \cap {"away", "take", "store", "refused"} # {}

\* Who sleeps while its peer is dead is about to hear of it.
DeathNoticed == \A p \in Process : (At(p, "sleep") /\ bell[Mine(p)] = 0 /\ Lost(p)) => watch[p] = role[Yours(p)]

\* Who sleeps while there is something that it has not heard is about to be woken.
Woken == \A p \in Process :
  (At(p, "sleep") /\ bell[Mine(p)] = 0 /\ said[Yours(p)] # seen[p])
    => LET peer == role[Yours(p)] IN ~alive[peer] \/ pc[peer] \in {"asleep", "say_wake", "say_ring"}

\* And hears of it in the end, unless it gets something to do or dies itself.
Told == \A p \in Process : (pc[p] = "sleep" /\ Lost(p)) ~> (pc[p] \in {"told", "idle"} \/ ~alive[p])
=============================================================================
