#pragma once

#include "model/analysis/doctor.h"
#include "model/analysis/doctor_traits.h"

/// The families of rules that a diagnosis is made of; each is one file. A rule adds what it finds,
/// and what it looked at.
namespace layerscope::analysis {

/// The file as such: its name against its contents, whose it is, how it is laid out.
void examineFile(const Traits& traits, Diagnosis& diagnosis);

/// Classes, functions and code that Keras does not have; keys that one Keras refuses to read.
void examineArchitecture(const Traits& traits, Diagnosis& diagnosis);

/// Loss, metrics and what the optimizer remembers.
void examineTraining(const Traits& traits, Diagnosis& diagnosis);

/// Names that collide when they become names inside an HDF5 file.
void examineNames(const Traits& traits, Diagnosis& diagnosis);

/// What reading the file brought up (Network::problems), with why it matters and what to do.
void takeProblems(const Network& network, Diagnosis& diagnosis);

/// Which Keras loads it and which resumes it.
std::vector<Verdict> judgeVersions(const Traits& traits);

/// Reads every tensor once: statistics as above, and what needs the values themselves, such as
/// units that can hardly ever fire and filters that are equal.
/// Errors  Stopped
Result<void> examineValues(const Network& network, Diagnosis& diagnosis, const JobContext& job);

/// How much of a damaged file is here and which layers are whole.
void examineDamage(const std::filesystem::path& path, Diagnosis& diagnosis);

/// A file that is no model, by its contents.
void examineStranger(const std::filesystem::path& path, const Error& error, Diagnosis& diagnosis);

} // namespace layerscope::analysis
