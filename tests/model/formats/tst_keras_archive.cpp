#include "model/containers/zip_writer.h"
#include "tests/model/formats/v3_files.h"

using namespace layerscope;
using namespace layerscope::formats;
using namespace layerscope::tests;
using containers::ZipArchive;
using containers::ZipWriter;

namespace {

const fs::path mlp3 = data / "model_mlp/keras3.15/model.keras";
const fs::path mlp2 = data / "model_mlp/keras2.15/model.keras";

/// A copy of the archive `from`, with members replaced, removed (no text) or added.
void remake(const fs::path& from, const fs::path& to,
    const std::map<std::string, std::optional<std::string>>& changes)
{
    const auto archive = *ZipArchive::open(*containers::MappedFile::open(from));
    auto writer = *ZipWriter::create(to);
    for (const auto& entry : archive.entries()) {
        const auto change = changes.find(entry.name);
        if (change == changes.end())
            static_cast<void>(writer.add(entry.name, *archive.text(entry, 1U << 26U)));
        else if (change->second)
            static_cast<void>(writer.add(entry.name, *change->second));
    }
    for (const auto& [name, text] : changes)
        if (archive.find(name) == nullptr && text)
            static_cast<void>(writer.add(name, *text));
    static_cast<void>(writer.finish());
}

bool hasProblem(const Network& network, Severity severity)
{
    return std::ranges::find(network.problems, severity, &Problem::severity)
        != network.problems.end();
}

} // namespace

class tst_KerasArchive : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

private slots:
    void savesEveryFileAsItWas_data() { addFileRows("model.keras"); }
    void savesEveryFileAsItWas()
    {
        QFETCH(QString, path);
        const fs::path from = path.toStdString();
        if (containers::findHdf5Signature((*containers::MappedFile::open(from))->bytes()) == 0U)
            QSKIP("an HDF5 file under this name");
        const Network network = opened(from);
        const SaveReport report = saved(network, at("again.keras"));
        QCOMPARE(report.format, network.file.format);
        for (const char* member : { "config.json", "metadata.json", "model.weights.h5" })
            QVERIFY(memberOf(from, member) == memberOf(at("again.keras"), member));
    }

    /// Witness: real Keras, which wrote the groups of the original.
    void buildsTheTreeThatKerasBuilds_data() { addFileRows("model.keras"); }
    void buildsTheTreeThatKerasBuilds()
    {
        QFETCH(QString, path);
        const fs::path from = path.toStdString();
        if (path.contains("keras2.12") || path.contains("subclassed")
            || path.contains("custom_layers"))
            QSKIP("another layout, or classes that are not known");
        Network network = opened(from);
        network.carried.reset(); // as if it came from another format
        saved(network, at("built.keras"));
        V3Content wanted = weightsIn(from);
        const V3Content found = weightsIn(at("built.keras"));
        std::erase_if(wanted.groups, [](const auto& name) { return name.starts_with("metrics"); });
        std::erase_if(
            wanted.arrays, [](const auto& entry) { return entry.first.starts_with("metrics"); });
        QCOMPARE(found.groups, wanted.groups);
        QVERIFY(sameArrays(found, wanted));
    }

    void saysWhatItIs_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("version");
        QTest::newRow("3.15") << "model_mlp/keras3.15/model.keras"
                              << "keras"
                              << "3.15.1";
        QTest::newRow("2.15") << "model_mlp/keras2.15/model.keras"
                              << "keras2.15"
                              << "2.15.0";
        QTest::newRow("2.12") << "model_mlp/keras2.12/model.keras"
                              << "keras2.15"
                              << "2.12.0";
        QTest::newRow("folder") << "model_mlp/keras3.15/model_unzipped"
                                << "keras-folder"
                                << "3.15.1";
    }
    void saysWhatItIs()
    {
        QFETCH(QString, path);
        QFETCH(QString, format);
        QFETCH(QString, version);
        const Network network = opened(data / path.toStdString());
        QCOMPARE(QString::fromStdString(network.file.format), format);
        QCOMPARE(QString::fromStdString(network.file.kerasVersion), version);
        QCOMPARE(network.weights.size(), std::size_t{ 6 });
        QVERIFY(network.training);
        QVERIFY(network.optimizer);
        QCOMPARE(network.optimizer->className, std::string("Adam"));
        QVERIFY(network.optimizer->iterations.value_or(0) > 0);
        QVERIFY(std::ranges::none_of(network.optimizer->variables,
            [](const auto& variable) { return variable.role == SlotRole::Unknown; }));
        QVERIFY(network.problems.empty());
    }

    /// Witness: the same model's .h5, read by another reader.
    void agreesWithTheH5OfTheSameModel()
    {
        for (const char* folder :
            { "model_mlp/keras2.12", "model_mlp/keras2.15", "model_mlp/keras3.15" }) {
            const Network archive = opened(data / folder / "model.keras");
            const Network h5 = opened(data / folder / "model.h5");
            QCOMPARE(archive.weights.size(), h5.weights.size());
            for (std::size_t i = 0; i < h5.weights.size(); ++i) {
                QVERIFY(archive.weights[i].value.load()->identicalTo(*h5.weights[i].value.load()));
                QCOMPARE(archive.weights[i].trainable, h5.weights[i].trainable);
            }
            const auto& slots3 = archive.optimizer->variables;
            const auto& slotsH5 = h5.optimizer->variables;
            QCOMPARE(slots3.size(), slotsH5.size());
            for (std::size_t i = 0; i < slotsH5.size(); ++i) {
                QVERIFY(slots3[i].value.load()->identicalTo(*slotsH5[i].value.load()));
                QCOMPARE(slots3[i].weight, slotsH5[i].weight);
                QCOMPARE(slots3[i].slot, slotsH5[i].slot);
            }
        }
    }

    void readsWeightsInPlace()
    {
        const Network network = opened(mlp3);
        const std::string whole = contentOf(mlp3);
        for (const Weight& weight : network.weights) {
            const auto extent = weight.value.extent();
            QVERIFY(extent);
            QCOMPARE(extent->path, mlp3);
            const Tensor tensor = *weight.value.load();
            QVERIFY(
                std::memcmp(whole.data() + extent->offset, tensor.bytes().data(), extent->length)
                == 0);
        }
    }

    void savesChangedValues()
    {
        for (const fs::path& from : { mlp2, mlp3 }) {
            Network network = opened(from);
            network.weights[2].value = plus(network.weights[2].value, 1);
            auto& slot = network.optimizer->variables.back();
            slot.value = plus(slot.value, 2);
            network.optimizer->iterations = 1234;
            network.history = Json{ { "loss", { 1.5, 0.25 } } };
            saved(network, at("changed.keras"));
            const Network again = opened(at("changed.keras"));
            QVERIFY(again.weights[2].value.load()->identicalTo(*network.weights[2].value.load()));
            QVERIFY(
                again.optimizer->variables.back().value.load()->identicalTo(*slot.value.load()));
            QCOMPARE(again.optimizer->iterations.value_or(0), std::int64_t{ 1234 });
            QVERIFY(again.history == network.history);
            QCOMPARE(memberOf(from, "config.json"), memberOf(at("changed.keras"), "config.json"));
        }
    }

    void savesAChangedSetup()
    {
        Network network = opened(mlp3);
        Json setup = network.training->source.value();
        setup["optimizer"]["config"]["learning_rate"] = 0.5;
        network.training = TrainingSetup{ JsonText(setup) };
        saved(network, at("setup.keras"));
        const Network again = opened(at("setup.keras"));
        QVERIFY(again.training->source.value() == setup);
        QVERIFY(again.architecture.value()["config"] == network.architecture.value()["config"]);
    }

    void dropsTheOptimizerOnRequest()
    {
        WriteOptions options;
        options.optimizer = OptimizerInFile::Drop;
        saved(opened(mlp3), at("bare.keras"), options);
        const Network again = opened(at("bare.keras"));
        QVERIFY(again.optimizer && again.optimizer->variables.empty());
        QVERIFY(fs::file_size(at("bare.keras")) < fs::file_size(mlp3));
    }

    void keepsAssetsAndStrangers()
    {
        const fs::path text = data / "prep_text_vectorization/keras3.15/model.keras";
        remake(text, at("odd.keras"), { { "notes/readme.txt", "mine" } });
        const Network network = opened(at("odd.keras"));
        QVERIFY(hasProblem(network, Severity::Note));
        saved(network, at("odd2.keras"));
        QCOMPARE(memberOf(at("odd2.keras"), "notes/readme.txt"), std::string("mine"));
        const char* vocabulary = "assets/layers/text_vectorization/vocabulary.txt";
        QCOMPARE(memberOf(at("odd2.keras"), vocabulary), memberOf(text, vocabulary));
    }

    /// Lines of nothing pack to next to nothing, and would each be a word in memory.
    void holdsNoEndlessVocabulary()
    {
        const fs::path text = data / "prep_text_vectorization/keras3.15/model.keras";
        const char* name = "assets/layers/text_vectorization/vocabulary.txt";
        const auto words = [&](const std::string& lines) {
            remake(text, at("words.keras"), { { name, lines } });
            const Json found = opened(at("words.keras")).model.layers.at(1).vocabulary;
            return found.is_array() ? found.size() : 0;
        };
        QCOMPARE(words("\n[UNK]\na\nb"), std::size_t(2));
        QCOMPARE(words(std::string(1'100'000, '\n')), std::size_t(0));
        QCOMPARE(words(std::string(17U << 20U, 'a')), std::size_t(0));
    }

    void savesAFolderAsAFolder()
    {
        const fs::path folder = data / "model_mlp/keras3.15/model_unzipped";
        Network network = opened(folder);
        saved(network, at("folder"));
        for (const char* name : { "config.json", "metadata.json", "model.weights.h5" })
            QVERIFY(contentOf(folder / name) == contentOf(at("folder") / name));
        saved(network, at("packed.keras"));
        QCOMPARE(opened(at("packed.keras")).file.format, std::string("keras"));
    }

    void knowsAModelOfPythonCode()
    {
        const Network network = opened(data / "model_subclassed/keras3.15/model.keras");
        QCOMPARE(network.model.kind, LayerKind::Subclassed);
        QCOMPARE(network.model.layers.size(), std::size_t{ 3 });
        QCOMPARE(network.model.layers[0].className, std::string("Dense"));
        QCOMPARE(network.model.layers[2].name, std::string("head"));
        QCOMPARE(network.model.layers[2].className, std::string("Dense"));
        QCOMPARE(network.weights.size(), std::size_t{ 6 });
    }

    void completesLora()
    {
        const Network network = opened(data / "layers_lora_dense/keras3.15/model.keras");
        const auto factor = std::ranges::find_if(network.weights,
            [](const Weight& weight) { return weight.path == "lora/lora_kernel_a"; });
        QVERIFY(factor != network.weights.end());
        QCOMPARE(factor->value.shape(), (Shape{ 6, 2 }));
    }

    // As Keras 3.15 saves: kernel + alpha / rank * a b, and load_model sets both factors to zero.
    void mergesWhatLoraHasLearned()
    {
        Network network = opened(data / "layers_lora_dense/keras3.15/model.keras");
        const auto named = [](Network& from, std::string_view name) -> StoredTensor& {
            const auto found = std::ranges::find_if(from.weights,
                [&](const Weight& weight) { return weight.path == "lora/" + std::string(name); });
            return found->value;
        };
        const auto valuesOf = [](const StoredTensor& value) {
            const auto tensor = value.load();
            const auto values = tensor->valuesAs<float>();
            return std::vector<float>(values.begin(), values.end());
        };
        const std::vector<float> kernel = valuesOf(named(network, "kernel"));
        named(network, "lora_kernel_a") = plus(named(network, "lora_kernel_a"), 0.5);
        named(network, "lora_kernel_b") = plus(named(network, "lora_kernel_b"), 0.25);
        double scale = 0;
        visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>&) {
            if (layer.name == "lora")
                scale
                    = layer.config.value("lora_alpha", 0.0) / layer.config.value("lora_rank", 1.0);
        });
        QVERIFY(scale > 0);

        for (const char* name : { "lora.keras", "lora.weights.h5", "lora.weights.json" }) {
            const SaveReport report = saved(network, at(name));
            QVERIFY(std::ranges::any_of(report.remarks,
                [](const std::string& remark) { return remark.starts_with("What LoRA"); }));
        }
        Network again = opened(at("lora.keras"));
        const std::vector<float> merged = valuesOf(named(again, "kernel"));
        const auto rank = static_cast<double>(named(network, "lora_kernel_b").shape()[0]);
        for (std::size_t i = 0; i < merged.size(); ++i)
            QVERIFY(std::abs(merged[i] - (kernel[i] + scale * rank * 0.5 * 0.25)) < 1e-6);
        for (const char* factor : { "lora_kernel_a", "lora_kernel_b" })
            QVERIFY(std::ranges::all_of(
                valuesOf(named(again, factor)), [](float value) { return value == 0; }));
    }

    // An .h5 file names the layers inside a custom one, not the attributes they hang on. The places
    // are those of Keras's own archive of this model.
    void placesTheLayersInsideACustomClassByTheirNames()
    {
        const Network network = opened(data / "model_custom_layers/keras3.15/model.h5");
        const SaveReport report = saved(network, at("custom.keras"));
        QVERIFY(std::ranges::any_of(report.remarks, [](const std::string& remark) {
            return remark.find("under their own names") != std::string::npos;
        }));
        const V3Content content = weightsIn(at("custom.keras"));
        for (const char* path : { "layers/gated_block/value/vars/0",
                 "layers/gated_block/value/vars/1", "layers/gated_block/gate/vars/0",
                 "layers/gated_block/gate/vars/1", "layers/scale_shift/vars/0" })
            QVERIFY2(content.arrays.contains(path), path);
        QVERIFY(!content.arrays.contains("layers/gated_block/vars/0"));
    }

    void writesBFloat16SoThatKerasKnowsIt()
    {
        Network network = opened(data / "model_bfloat16/keras3.15/model.keras");
        network.carried.reset();
        saved(network, at("bf.keras"));
        const auto archive = *ZipArchive::open(*containers::MappedFile::open(at("bf.keras")));
        const auto file
            = *containers::Hdf5File::open(**archive.file(*archive.find("model.weights.h5")));
        const auto dataset = file.root()->dataset("layers/dense/vars/0");
        QVERIFY(dataset);
        QCOMPARE(*dataset->text("dtype"), std::string("bfloat16"));
    }

    void exportsWeightsAlone()
    {
        for (const fs::path& from : { mlp2, mlp3 }) {
            const Network network = opened(from);
            WriteOptions options;
            options.optimizer = OptimizerInFile::Drop;
            saved(network, at("alone.weights.h5"), options);
            const Network alone = opened(at("alone.weights.h5"));
            QVERIFY(alone.file.weightsOnly);
            QVERIFY(!alone.optimizer);
            QCOMPARE(alone.weights.size(), network.weights.size());
        }
    }

    void opensWhatCanBeShown_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("opens");
        QTest::newRow("no metadata") << "metadata.json" << QString() << true;
        QTest::newRow("no weights") << "model.weights.h5" << QString() << true;
        QTest::newRow("weights are text") << "model.weights.h5"
                                          << "text" << true;
        QTest::newRow("metadata is no JSON") << "metadata.json"
                                             << "{" << true;
        QTest::newRow("no config") << "config.json" << QString() << false;
        QTest::newRow("config is no JSON") << "config.json"
                                           << "{" << false;
        QTest::newRow("config is a number") << "config.json"
                                            << "1" << false;
        QTest::newRow("leads out") << "../../evil"
                                   << "x" << true;
        QTest::newRow("history is no JSON") << "training_history.json"
                                            << "[" << true;
    }
    void opensWhatCanBeShown()
    {
        QFETCH(QString, member);
        QFETCH(QString, text);
        QFETCH(bool, opens);
        remake(mlp3, at("damaged.keras"),
            { { member.toStdString(),
                text.isNull() ? std::nullopt : std::optional(text.toStdString()) } });
        const auto network = openNetwork(at("damaged.keras"));
        QCOMPARE(network.hasValue(), opens);
        if (network)
            QVERIFY(!network->problems.empty());
    }

    void survivesDamage()
    {
        const std::string whole = contentOf(mlp3);
        for (std::size_t i = 0; i < whole.size(); i += 97) {
            std::string damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ 0xFF);
            std::ofstream(at("damaged.keras"), std::ios::binary) << damaged;
            static_cast<void>(openNetwork(at("damaged.keras")));
            std::ofstream(at("damaged.keras"), std::ios::binary) << whole.substr(0, i);
            static_cast<void>(openNetwork(at("damaged.keras")));
        }
    }

    void leavesNothingBesideWhatItSaved()
    {
        fs::create_directory(at("empty"));
        Network network = opened(mlp3);
        network.carried.reset();
        saved(network, at("empty") / "only.keras");
        QCOMPARE(std::distance(fs::directory_iterator(at("empty")), {}), std::ptrdiff_t{ 1 });
    }
};

QTEST_GUILESS_MAIN(tst_KerasArchive)
#include "tst_keras_archive.moc"
