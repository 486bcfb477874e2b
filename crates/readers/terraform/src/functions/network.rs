//! Functions over address ranges.

use std::net::Ipv4Addr;

use super::Call;
use crate::values::{self, error};
use documents::value::Value;

pub(super) fn call(call: &Call<'_>) -> Option<Value> {
    let result = match call.name {
        "cidrsubnet" => subnet(call, call.number(1), call.number(2)),
        "cidrsubnets" => subnets(call),
        "cidrhost" => host(call),
        "cidrnetmask" => parsed(call)
            .map(|(_, bits)| values::string(Ipv4Addr::from(mask(bits)).to_string(), call.span)),
        _ => return None,
    };
    Some(match result {
        Ok(value) | Err(value) => value,
    })
}

fn mask(bits: u32) -> u32 {
    u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0)
}

fn parsed(call: &Call<'_>) -> Result<(u32, u32), Value> {
    let text = call.string(0)?;
    let parts = text.split_once('/');
    let address = parts.and_then(|(address, _)| address.parse::<Ipv4Addr>().ok());
    let bits = parts.and_then(|(_, bits)| bits.parse::<u32>().ok()).filter(|bits| *bits <= 32);
    match (address, bits) {
        (Some(address), Some(bits)) => Ok((u32::from(address) & mask(bits), bits)),
        _ if text.contains(':') => Err(call.unknown("IPv6 ranges are not computed")),
        _ => Err(error(format!("`{text}` is no address range"), call.span)),
    }
}

fn subnet(
    call: &Call<'_>,
    more: Result<f64, Value>,
    number: Result<f64, Value>,
) -> Result<Value, Value> {
    let (address, bits) = parsed(call)?;
    let (more, number) = (more?.clamp(0.0, 32.0) as u32, number?.max(0.0) as u32);
    let bits = bits + more;
    if bits > 32 {
        return Err(error("the range is too small for that", call.span));
    }
    let offset = number.checked_shl(32 - bits).unwrap_or(0);
    let address = Ipv4Addr::from(address | offset);
    Ok(values::string(format!("{address}/{bits}"), call.span))
}

fn subnets(call: &Call<'_>) -> Result<Value, Value> {
    let (base, bits) = parsed(call)?;
    let mut next = u64::from(base);
    let mut items = Vec::new();
    for index in 1..call.arguments.len() {
        let bits = bits + call.number(index)?.clamp(0.0, 32.0) as u32;
        if bits > 32 {
            return Err(error("the range is too small for that", call.span));
        }
        let size = 1u64 << (32 - bits);
        next = next.div_ceil(size) * size;
        let address = Ipv4Addr::from(u32::try_from(next).unwrap_or(u32::MAX));
        items.push(values::string(format!("{address}/{bits}"), call.span));
        next += size;
    }
    Ok(call.list(items))
}

fn host(call: &Call<'_>) -> Result<Value, Value> {
    let (address, bits) = parsed(call)?;
    let number = call.number(1)?;
    let host = match number < 0.0 {
        true => (!mask(bits)).wrapping_sub(number.abs() as u32).wrapping_add(1),
        false => number as u32,
    };
    Ok(values::string(Ipv4Addr::from(address | host).to_string(), call.span))
}
