#include "tests/model/analysis/doctor_files.h"

#include <fcntl.h>
#include <functional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace doctor_files;

/// The messages that users of Keras meet, one row each: the file that brings it about, and what the
/// doctor calls it.
class tst_DoctorRows : public QObject
{
    Q_OBJECT

    Folder m_folder;

    using Make = std::function<Diagnosis()>;
    struct Row
    {
        const char* message;
        const char* rule;
        Make make;
    };

    std::vector<Row> fileRows();
    std::vector<Row> modelRows();
    std::vector<Row> codeRows();
    std::vector<Row> optimizerRows();

    static Diagnosis with(const std::function<void(Recipe&)>& change)
    {
        Recipe recipe;
        change(recipe);
        return diagnosisOf(recipe);
    }
    static Diagnosis withLayer(const Json& layer)
    {
        return with([&](Recipe& recipe) {
            recipe.architecture = sequential(Json::array({ dense("hidden"), layer, dense("out") }));
        });
    }
    /// Of a network that was read, with problems.
    static Diagnosis withProblem(const char* where, const char* what)
    {
        Network network = networkOf({});
        network.problems.push_back({ Severity::Warning, where, what, {} });
        return analysis::diagnose(network);
    }

private slots:
    void recognises_data();
    void recognises();
    void letsASoundModelPass();
};

std::vector<tst_DoctorRows::Row> tst_DoctorRows::fileRows()
{
    const char* signature = "Unable to open file (file signature not found)";
    return {
        { signature, "lfs-pointer", [] { return diagnosisOf(TEST_DATA "/bad/lfs_pointer.h5"); } },
        { "Unable to synchronously open file (file signature not found)", "web-page",
            [] { return diagnosisOf(TEST_DATA "/bad/html_page.h5"); } },
        { "file signature not found: empty", "empty-file",
            [] { return diagnosisOf(TEST_DATA "/bad/empty.h5"); } },
        { "file signature not found: .keras named .h5", "archive-named-otherwise",
            [] { return with([](Recipe& recipe) { recipe.format = "keras2.15"; }); } },
        { "file signature not found: TensorFlow checkpoint of version 1", "checkpoint-v1",
            [this] {
                return diagnosisOf(m_folder.write("model.ckpt",
                    QByteArray("\0\1\2\3", 4) + QByteArray(60, '\1')
                        + QByteArray("\x57\xFB\x80\x8B\x24\x75\x47\xDB", 8)));
            } },
        { "file signature not found: pickle", "pickle",
            [this] {
                return diagnosisOf(
                    m_folder.write("model.pkl", QByteArray("\x80\x04\x95\x10\0\0\0\0\0\0\0}", 12)));
            } },
        { "file signature not found: ONNX", "onnx",
            [this] {
                return diagnosisOf(m_folder.write(
                    "model.h5", QByteArray("\x08\x07\x12\x07pytorch\x1a\x03", 13) + "1.9"));
            } },
        { "file signature not found: GGUF", "gguf",
            [this] {
                return diagnosisOf(m_folder.write("llm.h5", QByteArray("GGUF\3\0\0\0", 8)));
            } },
        { "file signature not found: TensorFlow Lite", "tflite",
            [this] {
                return diagnosisOf(
                    m_folder.write("small.h5", QByteArray("\x1c\0\0\0TFL3", 8) + "rest"));
            } },
        { "file signature not found: older PyTorch", "pytorch",
            [this] {
                return diagnosisOf(m_folder.write(
                    "net.h5", QByteArray("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.", 16)));
            } },
        { "file signature not found: event file", "event-file",
            [this] {
                return diagnosisOf(m_folder.write("run.h5",
                    QByteArray("\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22\t\0\0\x80\xdc\x1a", 18)
                        + "brain.Event:2" + QByteArray(4, '\2')));
            } },
        { "Unable to open file (truncated file: eof = 98304, sblock->base_addr = 0, stored_eoa)",
            "truncated", [] { return diagnosisOf(TEST_DATA "/bad/truncated_half.h5"); } },
        { "Unable to lock file, errno = 11", "being-written",
            [this] {
                const std::string path = m_folder.copy("model_mlp/keras2.15/model.h5", "locked.h5");
                const int descriptor = ::open(path.c_str(), O_RDWR);
                ::flock(descriptor, LOCK_EX);
                Diagnosis diagnosis = diagnosisOf(path);
                ::close(descriptor);
                return diagnosis;
            } },
        { "No file or directory found at x.h5", "missing-path",
            [this] {
                m_folder.copy("model_mlp/keras2.15/model.h5", "model_v2.h5");
                return diagnosisOf(m_folder.path("model_v3.h5"));
            } },
        { "SavedModel file does not exist at: x.h5/{saved_model.pbtxt|saved_model.pb}", "folder",
            [] { return diagnosisOf(TEST_DATA "/bad"); } },
        { "File not found: filepath=m.keras. Please ensure the file is an accessible `.keras` zip "
          "file.",
            "hdf5-named-keras",
            [this] {
                return diagnosisOf(m_folder.copy("model_mlp/keras2.12/model.h5", "m.keras"));
            } },
        { "File format not supported: filepath=…. Keras 3 only supports V3 `.keras` files and "
          "legacy H5 format files … TFSMLayer",
            "savedmodel-for-keras3",
            [] { return with([](Recipe& recipe) { recipe.format = "savedmodel"; }); } },
        { "Invalid filepath extension for saving.", "name-without-suffix",
            [this] {
                return diagnosisOf(m_folder.copy("model_mlp/keras3.15/model.h5", "my.model"));
            } },
        { "The filename must end in `.weights.h5`.", "weights-named-otherwise",
            [] {
                return with([](Recipe& recipe) {
                    recipe.architecture = Json();
                    recipe.format = "weights.h5";
                });
            } },
        { "The filepath provided must end in `.keras`", "archive-named-otherwise",
            [] {
                return with([](Recipe& recipe) {
                    recipe.format = "keras";
                    recipe.path = "/somewhere/model.zip";
                });
            } },
        { "HDF5 of hickle", "hickle",
            [this] {
                return diagnosisOf(m_folder.hdf5("data.h5", { { "CLASS", "hickle" } }));
            } },
        { "HDF5 of PyTables", "pytables",
            [this] {
                return diagnosisOf(
                    m_folder.hdf5("table.h5", { { "PYTABLES_FORMAT_VERSION", "2.1" } }));
            } },
        { "HDF5 of somebody else", "foreign-hdf5",
            [this] {
                return diagnosisOf(m_folder.hdf5("other.h5", { { "author", "me" } }));
            } },
        { "Permission denied", "no-permission",
            [this] {
                const std::string path = m_folder.write("secret.h5", "x");
                ::chmod(path.c_str(), 0);
                return diagnosisOf(path);
            } },
    };
}

std::vector<tst_DoctorRows::Row> tst_DoctorRows::modelRows()
{
    return {
        { "No model config found in the file", "no-architecture",
            [] { return diagnosisOf(TEST_DATA "/model_mlp/keras2.15/legacy_weights.h5"); } },
        { "You are trying to load a weight file containing 4 layers into a model with 3 layers.",
            "layer-too-many",
            [] {
                return withProblem("extra",
                    "The file holds weights under this name, and the model has no such layer.");
            } },
        { "Layer count mismatch when loading weights from file. Model expected 29 layers, found 30 "
          "saved layers.",
            "layer-without-weights",
            [] { return withProblem("hidden", "The file holds no weights for this layer."); } },
        { "Weight count mismatch for layer #0", "weight-count",
            [] {
                return withProblem("hidden",
                    "The file holds 1 weights for this layer, its configuration asks for 2.");
            } },
        { "Shape mismatch in layer #k", "weight-shape",
            [] {
                return withProblem("hidden",
                    "The configuration says 7 units, but the kernel in the file has shape [2, 3].");
            } },
        { "Layer 'conv2d' expected 2 variables, but received 0 variables during loading.",
            "weights-layout-2.12",
            [] {
                return with([](Recipe& recipe) {
                    recipe.architecture = Json();
                    recipe.format = "weights.h5-keras2";
                    recipe.kerasVersion = "2.12.0";
                    recipe.path = "/somewhere/model.weights.h5";
                });
            } },
        { "axes don't match array", "old-backend",
            [] { return diagnosisOf(TEST_DATA "/old_mlp_adam/keras1.2/model.h5"); } },
        { "'str' object has no attribute 'decode'", "h5py-3",
            [] { return diagnosisOf(TEST_DATA "/old_mlp_adam/keras2.2/model.h5"); } },
        { "Unrecognized keyword arguments passed to DepthwiseConv2D: {'groups': 1}",
            "depthwise-groups",
            [] {
                return withLayer(layer(
                    "DepthwiseConv2D", "dw", { { "groups", 1 }, { "kernel_size", { 3, 3 } } }));
            } },
        { "Unrecognized keyword arguments passed to LSTM: {'time_major': False}", "time-major",
            [] {
                return withLayer(layer("LSTM", "lstm", { { "time_major", false } }));
            } },
        { "int() argument must be … not 'list' (BatchNormalization axis:[3])", "listed-axis",
            [] {
                return with([](Recipe& recipe) {
                    recipe.format = "keras2.15";
                    recipe.path = "/somewhere/model.keras";
                    recipe.architecture = sequential(Json::array({ dense("hidden"),
                        layer("BatchNormalization", "bn", { { "axis", { 1 } } }) }));
                });
            } },
        { "SavedModel saved prior to TF 2.5 detected … there should be a file named "
          "\"keras_metadata.pb\"",
            "inference-graph",
            [] {
                return with([](Recipe& recipe) {
                    recipe.format = "savedmodel";
                    recipe.architecture = Json();
                });
            } },
    };
}

std::vector<tst_DoctorRows::Row> tst_DoctorRows::codeRows()
{
    const Json lambda = layer("Lambda", "code",
        { { "function_type", "lambda" },
            { "function",
                { "4wEAAAAAAAAAAAAAAAIAAAADAAAA8xIAAACXAHwAZAF6BQAAZAJ6AAAAUwA=\n", nullptr,
                    nullptr } } });
    return {
        { "Unknown layer: MyLayer. Please ensure this object is passed to the `custom_objects` "
          "argument.",
            "custom-layer",
            [] { return diagnosisOf(TEST_DATA "/model_custom_layers/keras3.15/model.h5"); } },
        { "Unknown loss function", "custom-loss",
            [] { return with([](Recipe& recipe) { recipe.training["loss"] = "my_own_loss"; }); } },
        { "Unknown metric function", "custom-metric",
            [] {
                return with(
                    [](Recipe& recipe) { recipe.training["metrics"] = { "my_own_metric" }; });
            } },
        { "Could not locate function 'mse'", "short-loss-name",
            [] { return with([](Recipe& recipe) { recipe.training["loss"] = "mse"; }); } },
        { "bad marshal data (unknown type code)", "lambda-code",
            [lambda] { return withLayer(lambda); } },
        { "Requested the deserialization of a `Lambda` layer … safe_mode=False", "lambda-code",
            [lambda] { return withLayer(lambda); } },
    };
}

std::vector<tst_DoctorRows::Row> tst_DoctorRows::optimizerRows()
{
    return {
        { "No training configuration found in the save file, so the model was *not* compiled.",
            "no-training-setup",
            [] {
                return with([](Recipe& recipe) {
                    recipe.isCompiled = false;
                    recipe.slotVariables = 0;
                    recipe.hasIteration = false;
                });
            } },
        { "Error in loading the saved optimizer state. As a result, your model is starting with a "
          "freshly initialized optimizer.",
            "keras3-drops-h5-optimizer",
            [] { return diagnosisOf(TEST_DATA "/model_mlp/keras2.15/model.h5"); } },
        { "Error in loading the saved optimizer state: count differs", "optimizer-mismatch",
            [] {
                return withProblem(
                    "optimizer", "Its 7 variables do not fit Adam over 4 trained weights.");
            } },
        { "(no message at all) Keras-3 .h5 in Keras 3", "keras3-drops-h5-optimizer",
            [] { return diagnosisOf(TEST_DATA "/model_mlp/keras3.15/model.h5"); } },
        { "Unknown variable: <Variable path=…>. This optimizer can only be called for the "
          "variables "
          "it was originally built with.",
            "keras3-drops-h5-optimizer",
            [] { return diagnosisOf(TEST_DATA "/model_cnn/keras3.15/model.h5"); } },
        { "Skipping variable loading for optimizer 'rm_sprop', because it has 8 variables whereas "
          "the saved optimizer has 14 variables.",
            "optimizer-unnamed",
            [] {
                return with([](Recipe& recipe) {
                    recipe.format = "keras";
                    recipe.path = "/somewhere/model.keras";
                    recipe.generation = KerasGeneration::Keras3;
                    recipe.training.erase("optimizer_config");
                });
            } },
        { "You are trying to restore a checkpoint from a legacy Keras optimizer into a v2.11+ "
          "Optimizer",
            "legacy-optimizer",
            [] { return diagnosisOf(TEST_DATA "/opt_legacy_adam/keras2.15/model.h5"); } },
        { "SavedModel: silent, len(optimizer.get_weights()) == 0", "savedmodel-optimizer",
            [] { return with([](Recipe& recipe) { recipe.format = "savedmodel"; }); } },
        { "Unable to create attribute (object header message is too large)", "large-name-list",
            [] {
                Network network = networkOf({});
                for (OptimizerVariable& variable : network.optimizer->variables)
                    variable.name += std::string(8000, 'x');
                return analysis::diagnose(network);
            } },
        { "Unable to create link (name already exists)", "duplicate-weight-names",
            [] {
                Network network = networkOf({});
                network.weights[1].path = network.weights[0].path;
                return analysis::diagnose(network);
            } },
        { "Unable to create group (name already exists)", "duplicate-weight-names",
            [] {
                Network network = networkOf({});
                network.weights[1].path = network.weights[0].path + "/bias";
                return analysis::diagnose(network);
            } },
        { "iterations not saved", "iteration-missing",
            [] { return with([](Recipe& recipe) { recipe.hasIteration = false; }); } },
    };
}

void tst_DoctorRows::recognises_data()
{
    QTest::addColumn<int>("family");
    QTest::addColumn<int>("row");
    const auto add = [](int family, const std::vector<Row>& rows) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            QTest::newRow(rows[i].message) << family << static_cast<int>(i);
    };
    add(0, fileRows());
    add(1, modelRows());
    add(2, codeRows());
    add(3, optimizerRows());
}

void tst_DoctorRows::recognises()
{
    QFETCH(int, family);
    QFETCH(int, row);
    const std::vector<Row> rows = family == 0 ? fileRows()
        : family == 1                         ? modelRows()
        : family == 2                         ? codeRows()
                                              : optimizerRows();
    const Row& wanted = rows[static_cast<std::size_t>(row)];
    if (std::string_view(wanted.rule) == "no-permission" && ::geteuid() == 0)
        QSKIP("the superuser may read everything");
    const Diagnosis diagnosis = wanted.make();
    const Finding* finding = found(diagnosis, wanted.rule);
    QVERIFY2(finding, qPrintable(allRules(diagnosis)));
    QVERIFY(finding->what.english().size() > 10);
    QVERIFY2(!finding->why.isEmpty() || !finding->remedy.isEmpty(), wanted.rule);
    // The same words reach scripts and terminals.
    const QString text = QString::fromStdString(analysis::diagnosisText(diagnosis));
    QVERIFY(text.contains(QString::fromStdString(finding->what.english()).left(60)));
    QVERIFY(!analysis::diagnosisJson(diagnosis)["findings"].empty());
}

void tst_DoctorRows::letsASoundModelPass()
{
    Recipe recipe;
    const Diagnosis diagnosis = diagnosisOf(recipe);
    QVERIFY2(!diagnosis.isSuspicious(), qPrintable(allRules(diagnosis)));
    QVERIFY(diagnosis.checked.size() > 4);
}

QTEST_GUILESS_MAIN(tst_DoctorRows)
#include "tst_doctor_rows.moc"
