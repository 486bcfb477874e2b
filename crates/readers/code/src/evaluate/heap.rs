use std::rc::Rc;

use super::value::Value;

/// Where something that can change lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address(u32);

/// What lies at an address.
#[derive(Debug, Clone)]
pub(crate) enum Slot {
    /// A variable; `None` before anything was assigned.
    Variable(Option<Value>),
    /// A list.
    List(Rc<List>),
    /// A map, or the fields of an instance.
    Map(Rc<Map>),
}

/// A list's elements.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct List {
    /// Elements whose position is known.
    pub(crate) items: Vec<Value>,
    /// What any further element is, if there may be more.
    pub(crate) more: Option<Value>,
}

/// A map's entries.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Map {
    /// Entries in order of their first writing; a key is a [`Value::Text`] or [`Value::Number`].
    pub(crate) entries: Vec<(Value, Value)>,
    /// What may stand under any key.
    pub(crate) more: Option<Value>,
    /// What stands under any key that is not among the entries.
    pub(crate) others: Option<Value>,
}

/// All that can change, and how it was before the branches that are being tried.
#[derive(Debug, Default)]
pub(crate) struct Heap {
    slots: Vec<Slot>,
    /// For each slot, the branch in which it was written last: it is saved once per branch.
    written_in: Vec<u32>,
    branches: Vec<Branch>,
    /// Counts branches, so that each has a number of its own.
    begun: u32,
}

/// Slots as they were when a branch began, in the order of their first writing in it.
#[derive(Debug, Default)]
struct Branch {
    number: u32,
    saved: Vec<(Address, Slot, u32)>,
}

/// What one branch wrote: the slots as it left them.
pub(crate) type Writes = Vec<(Address, Slot)>;

impl Heap {
    /// Puts something new.
    pub(crate) fn add(&mut self, slot: Slot) -> Address {
        self.slots.push(slot);
        self.written_in.push(self.branches.last().map_or(0, |branch| branch.number));
        Address(u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX))
    }

    /// How many things there are; what is added later has a higher address.
    pub(crate) fn mark(&self) -> Address {
        Address(u32::try_from(self.slots.len()).unwrap_or(u32::MAX))
    }

    /// What lies at an address.
    pub(crate) fn slot(&self, address: Address) -> Option<&Slot> {
        self.slots.get(address.0 as usize)
    }

    /// The list at an address.
    pub(crate) fn list(&self, address: Address) -> Option<&List> {
        match self.slot(address)? {
            Slot::List(list) => Some(list),
            _ => None,
        }
    }

    /// The map at an address.
    pub(crate) fn map(&self, address: Address) -> Option<&Map> {
        match self.slot(address)? {
            Slot::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list at an address, to be changed.
    pub(crate) fn list_mut(&mut self, address: Address) -> Option<&mut List> {
        match self.slot_mut(address)? {
            Slot::List(list) => Some(Rc::make_mut(list)),
            _ => None,
        }
    }

    /// The map at an address, to be changed.
    pub(crate) fn map_mut(&mut self, address: Address) -> Option<&mut Map> {
        match self.slot_mut(address)? {
            Slot::Map(map) => Some(Rc::make_mut(map)),
            _ => None,
        }
    }

    /// What lies at an address, to be changed; how it was is kept for the branch that is being tried.
    pub(crate) fn slot_mut(&mut self, address: Address) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(address.0 as usize)?;
        let written_in = self.written_in.get_mut(address.0 as usize)?;
        if let Some(branch) = self.branches.last_mut()
            && *written_in != branch.number
        {
            branch.saved.push((address, slot.clone(), *written_in));
            *written_in = branch.number;
        }
        Some(slot)
    }

    /// Begins a branch: what is written from now on can be taken back.
    pub(crate) fn begin(&mut self) {
        self.begun += 1;
        self.branches.push(Branch { number: self.begun, saved: Vec::new() });
    }

    /// Ends the branch and takes back what it wrote, which is returned.
    pub(crate) fn take_back(&mut self) -> Writes {
        let Some(branch) = self.branches.pop() else { return Vec::new() };
        let mut writes = Vec::new();
        for (address, before, written_in) in branch.saved {
            if let Some(slot) = self.slots.get_mut(address.0 as usize) {
                writes.push((address, std::mem::replace(slot, before)));
            }
            if let Some(stamp) = self.written_in.get_mut(address.0 as usize) {
                *stamp = written_in;
            }
        }
        writes
    }

    /// Makes what a branch wrote hold as it is.
    pub(crate) fn apply(&mut self, writes: Writes) {
        for (address, written) in writes {
            if let Some(slot) = self.slot_mut(address) {
                *slot = written;
            }
        }
    }

    /// Makes what either of two branches left hold, each from the present state.
    pub(crate) fn join_branches(&mut self, one: Writes, two: Writes) {
        let (only_one, both): (Writes, Writes) = one
            .into_iter()
            .partition(|(address, _)| !two.iter().any(|(other, _)| other == address));
        self.join(only_one);
        for (address, written) in two {
            match both.iter().find(|(other, _)| *other == address) {
                Some((_, other)) => {
                    let joined = join_slots(other.clone(), written);
                    self.apply(vec![(address, joined)]);
                }
                None => self.join(vec![(address, written)]),
            }
        }
    }

    /// Whether a branch wrote something to what was there before `mark` that does not hold already.
    pub(crate) fn would_change(&self, writes: &Writes, mark: Address) -> bool {
        writes.iter().filter(|(address, _)| *address < mark).any(|(address, written)| {
            match (self.slot(*address), written) {
                (Some(Slot::Variable(one)), Slot::Variable(two)) => one != two,
                (Some(Slot::List(one)), Slot::List(two)) => one != two,
                (Some(Slot::Map(one)), Slot::Map(two)) => one != two,
                _ => true,
            }
        })
    }

    /// Makes what a branch wrote possible beside what holds.
    pub(crate) fn join(&mut self, writes: Writes) {
        for (address, written) in writes {
            if let Some(slot) = self.slot_mut(address) {
                let before = std::mem::replace(slot, Slot::Variable(None));
                *slot = join_slots(before, written);
            }
        }
    }
}

/// What holds when one of two slots does.
fn join_slots(one: Slot, two: Slot) -> Slot {
    match (one, two) {
        (Slot::Variable(one), Slot::Variable(two)) => match (one, two) {
            (Some(one), Some(two)) => Slot::Variable(Some(Value::either([one, two]))),
            (one, two) => Slot::Variable(one.or(two)),
        },
        (Slot::List(one), Slot::List(two)) if one == two => Slot::List(one),
        (Slot::List(one), Slot::List(two)) => Slot::List(Rc::new(join_lists(&one, &two))),
        (Slot::Map(one), Slot::Map(two)) if one == two => Slot::Map(one),
        (Slot::Map(one), Slot::Map(two)) => Slot::Map(Rc::new(join_maps(&one, &two))),
        (one, _) => one,
    }
}

fn join_lists(one: &List, two: &List) -> List {
    let shared = one.items.len().min(two.items.len());
    let pairs = one.items.iter().zip(&two.items);
    let items = pairs.map(|(one, two)| Value::either([one.clone(), two.clone()])).collect();
    let rest = one.items.iter().skip(shared).chain(two.items.iter().skip(shared));
    let more: Vec<Value> = rest.chain(&one.more).chain(&two.more).cloned().collect();
    List { items, more: (!more.is_empty()).then(|| Value::either(more)) }
}

fn join_maps(one: &Map, two: &Map) -> Map {
    let mut joined = one.clone();
    for (key, value) in &two.entries {
        match joined.entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = Value::either([known.clone(), value.clone()]),
            None => joined.entries.push((key.clone(), value.clone())),
        }
    }
    let more: Vec<Value> = one.more.iter().chain(&two.more).cloned().collect();
    joined.others = one.others.clone().or(two.others.clone());
    joined.more = (!more.is_empty()).then(|| Value::either(more));
    joined
}
